/** My vouchers in three groups: usable, used, ended. */
import { call, type Schema } from '@/api'
import { dayInWords, dayOf, lastDayBefore, momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'

type Voucher = Schema['Voucher']
export type Group = 'usable' | 'used' | 'ended'
export type VoucherState = 'issued' | 'redeemed' | 'expired' | 'cancelled' | 'reversed'

const STATES: Record<Group, VoucherState[]> = {
  usable: ['issued'],
  used: ['redeemed'],
  ended: ['expired', 'cancelled', 'reversed'],
}
const SOON_MS = 3 * 86_400_000
const PAGE_SIZE = 20

export interface VoucherRow {
  id: string
  title: string
  benefit: string
  note: string
  /** For a voucher with several uses. */
  left: string | null
  /** Why it is over, where it was not simply used. */
  why: string | null
  canShow: boolean
  endsSoon: boolean
}

export const fetchVouchers = (group: Group, cursor?: string, limit = PAGE_SIZE) =>
  call('get', '/api/v1/resident/vouchers', { query: { state: STATES[group], cursor, limit } })

export function toVoucherRow(voucher: Voucher, now: number): VoucherRow {
  const endsAt = new Date(voucher.expires_at).getTime()
  const canShow = voucher.state === 'issued' && endsAt > now
  return {
    id: voucher.id,
    title: voucher.offer.title,
    benefit: voucher.offer.benefit,
    note: noteOf(voucher),
    left: canShow && voucher.uses > 1 ? zh.left(voucher.uses_left, voucher.uses) : null,
    why: zh.why[voucher.state] ?? null,
    canShow,
    endsSoon: canShow && endsAt - now < SOON_MS,
  }
}

/** Until when it can be used, when it was used, or since when it is over. */
export function noteOf(voucher: Voucher): string {
  if (voucher.state === 'issued') return zh.until(dayInWords(lastDayBefore(voucher.expires_at)))
  if (voucher.state === 'redeemed' && voucher.last_redeemed_at) return zh.usedAt(momentInWords(voucher.last_redeemed_at))
  const state = zh.states[voucher.state] ?? ''
  if (voucher.state === 'expired') return `${state} · ${zh.endedOn(dayInWords(lastDayBefore(voucher.expires_at)))}`
  return voucher.ended_at ? `${state} · ${zh.endedOn(dayInWords(dayOf(voucher.ended_at)))}` : state
}
