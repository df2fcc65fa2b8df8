/** One of my vouchers in full: what became of it so far, and what can be done with it. */
import { call, type Schema } from '@/api'
import { zh as rows } from '@/pages/vouchers/locales/zh'
import { clockOf, dayInWords, dayOf, lastDayBefore } from '@/wording/days'
import { zh } from '../locales/zh'

type Voucher = Schema['Voucher']

export interface VoucherView {
  id: string
  incentiveId: string
  title: string
  benefit: string
  state: string
  isOpen: boolean
  /** Why it is over, where it was not simply used. */
  why: string | null
  facts: { name: string; value: string }[]
  /** What happened, the newest first. */
  history: { name: string; when: string }[]
  wasUsed: boolean
  terms: string[]
  canGiveBack: boolean
}

export const fetchVoucher = (voucherId: string) =>
  call('get', '/api/v1/resident/vouchers/{voucher_id}', { path: { voucher_id: voucherId } })

export const giveBack = (voucherId: string) =>
  call('delete', '/api/v1/resident/vouchers/{voucher_id}', { path: { voucher_id: voucherId } })

export function toVoucherView(voucher: Voucher, now: number): VoucherView {
  const isOpen = voucher.state === 'issued' && new Date(voucher.expires_at).getTime() > now
  // The service may not yet have said that its time is over.
  const state = voucher.state === 'issued' && !isOpen ? 'expired' : voucher.state
  return {
    id: voucher.id,
    incentiveId: voucher.incentive_id,
    title: voucher.offer.title,
    benefit: voucher.offer.benefit,
    state: zh.detail.states[state] ?? '',
    isOpen,
    why: rows.why[state] ?? null,
    facts: [
      { name: zh.detail.until, value: zh.detail.untilDay(dayInWords(lastDayBefore(voucher.expires_at))) },
      { name: zh.detail.uses, value: zh.detail.usesOf(voucher.uses_left, voucher.uses) },
    ],
    history: historyOf(voucher),
    wasUsed: voucher.last_redeemed_at !== null,
    terms: voucher.offer.terms,
    canGiveBack: isOpen && voucher.uses_left === voucher.uses,
  }
}

function historyOf(voucher: Voucher): { name: string; when: string }[] {
  const { state, uses, uses_left, issued_at, last_redeemed_at, ended_at } = voucher
  const ended = zh.detail.ended[state]
  const used = uses > 1 ? zh.detail.lastUsed(uses - uses_left) : zh.detail.used
  return [
    // A voucher that was used up ended by being used: that is told once.
    ...(ended_at && ended ? [{ name: ended, when: momentWithYear(ended_at) }] : []),
    ...(last_redeemed_at ? [{ name: used, when: momentWithYear(last_redeemed_at) }] : []),
    { name: zh.detail.issued, when: momentWithYear(issued_at) },
  ]
}

const momentWithYear = (instant: string) => `${dayInWords(dayOf(instant))} ${clockOf(instant)}`
