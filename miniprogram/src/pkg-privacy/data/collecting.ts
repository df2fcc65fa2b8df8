/** Everything the service tells a resident about themselves, fetched by the calls the pages use. */
import { call, type Schema } from '@/api'
import type { Page } from '@/composables/use-pages'
import { fetchScore, whyNoScore } from '@/pages/home/data/score-card'
import { fetchLooks } from './looks'
import { fetchPhone } from './phone-number'

export interface Collected {
  resident: Schema['Resident']
  phone: string | null
  consents: Schema['Consent'][]
  /** None where there is no score, for whatever reason. */
  score: Schema['Score'] | null
  months: Schema['ScoreMonth'][]
  vouchers: Schema['Voucher'][]
  looks: Schema['AccessLogEntry'][]
  notices: Schema['Notice'][]
}

const MOST_AT_ONCE = 200

/** One call after the other: nobody waits for a second or two, and the service is asked gently. */
export async function collect(): Promise<Collected> {
  const limit = MOST_AT_ONCE
  return {
    resident: await call('get', '/api/v1/resident/identity'),
    phone: await fetchPhone(),
    consents: (await call('get', '/api/v1/resident/consents')).items,
    score: await orNone(fetchScore, null),
    months: await orNone(
      () => allPages((cursor) => call('get', '/api/v1/resident/score/history', { query: { cursor, limit } })),
      [],
    ),
    vouchers: await allPages((cursor) => call('get', '/api/v1/resident/vouchers', { query: { cursor, limit } })),
    looks: await allPages((cursor) => fetchLooks(cursor, limit)),
    notices: await allPages((cursor) => call('get', '/api/v1/resident/notices', { query: { cursor, limit } })),
  }
}

export async function allPages<T>(fetch: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await fetch(cursor)
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  return items
}

/** Without consent there is no score to tell, which is no failure of the export. */
async function orNone<T, N>(fetch: () => Promise<T>, none: N): Promise<T | N> {
  try {
    return await fetch()
  } catch (failure) {
    if (whyNoScore(failure)) return none
    throw failure
  }
}
