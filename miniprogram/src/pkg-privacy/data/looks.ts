/** Who looked at my data, as a list one can read. */
import { call, type Schema } from '@/api'
import { clockOf, dayInWords, dayOf } from '@/wording/days'

type Look = Schema['AccessLogEntry']

export interface LookRow {
  who: string
  when: string
  why: string
  what: string
}

const PAGE_SIZE = 20

export const fetchLooks = (cursor?: string, limit = PAGE_SIZE) =>
  call('get', '/api/v1/resident/access-log', { query: { cursor, limit } })

export function toLookRow({ looked_by, occurred_at, purpose, shown }: Look): LookRow {
  return { who: looked_by, when: momentWithYear(occurred_at), why: purpose, what: shown }
}

/** An instant → "2026年11月29日 14:05"; these lists go back for years. */
export function momentWithYear(instant: string | number): string {
  return `${dayInWords(dayOf(instant))} ${clockOf(instant)}`
}
