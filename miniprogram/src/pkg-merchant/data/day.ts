/** A day at the shop: what was honoured and undone, one by one and in total. */
import { call, type Schema } from '@/api'
import { clockOf, dayOf } from '@/wording/days'
import { zh } from '../locales/zh'
import { yuanInWords } from './money'

type Redemption = Schema['Redemption']

const PAGE_SIZE = 30
const UNDO_WITHIN_MS = 24 * 3600 * 1000
const DAY_MS = 86_400_000

export interface DoneRow {
  id: string
  clock: string
  title: string
  /** Order number and amount, where they were noted. */
  note: string
  isUndone: boolean
  canUndo: boolean
}

export interface Totals {
  accepted: string
  reversed: string
  amount: string
  offers: { number: number; title: string; note: string }[]
}

export const fetchDay = (on: string, cursor?: string) =>
  call('get', '/api/v1/merchant/redemptions', { query: { on, cursor, limit: PAGE_SIZE } })

export const fetchTotals = (on: string) => call('get', '/api/v1/merchant/summary', { query: { on } })

export const undo = (id: string, reason: string, key: string) =>
  call('post', '/api/v1/merchant/redemptions/{redemption_id}/reversal', { key, path: { redemption_id: id }, body: { reason } })

export function toDoneRow(redemption: Redemption, now: number): DoneRow {
  const { id, offer, order_ref: order, amount_fen: fen, reversed_at: undoneAt } = redemption
  const noted = [order && zh.day.order(order), fen !== null && yuanInWords(fen)].filter(Boolean)
  if (undoneAt) noted.push(zh.day.undoneAt(clockOf(undoneAt)))
  return {
    id,
    clock: clockOf(redemption.accepted_at),
    title: offer.title,
    note: noted.join(' · '),
    isUndone: undoneAt !== null,
    canUndo: undoneAt === null && now - new Date(redemption.accepted_at).getTime() < UNDO_WITHIN_MS,
  }
}

export function toTotals({ accepted, reversed, amount_fen: fen, offers }: Schema['Summary']): Totals {
  return {
    accepted: zh.day.times(accepted),
    reversed: zh.day.times(reversed),
    amount: yuanInWords(fen),
    offers: offers.map((offer) => ({
      number: offer.number,
      title: offer.title,
      note: [
        zh.day.times(offer.accepted),
        offer.reversed && zh.day.undone(offer.reversed),
        offer.amount_fen && yuanInWords(offer.amount_fen),
      ]
        .filter(Boolean)
        .join(' · '),
    })),
  }
}

/** "2026-03-01", -1 → "2026-02-28" */
export function dayBeside(day: string, by: 1 | -1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10)
}

export const today = () => dayOf(Date.now())
