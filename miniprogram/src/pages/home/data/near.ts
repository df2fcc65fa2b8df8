/** The incentives nearest to where somebody stands. The place is sent with the question and kept nowhere. */
import { call, type Schema } from '@/api'
import type { Place } from '@/platform/location'
import { zh } from '../locales/zh'

const FEW = 3
const KILOMETRE = 1000
const NEAR_BY = 100

export interface NearItem {
  id: string
  title: string
  note: string
  distance: string
}

export async function fetchNear({ latitude, longitude }: Place, isResident: boolean): Promise<NearItem[]> {
  const query = { near: `${latitude},${longitude}`, sort: 'nearest' as const, limit: FEW }
  const { items } = isResident
    ? await call('get', '/api/v1/resident/incentives', { query })
    : await call('get', '/api/v1/public/incentives', { query })
  return toNearItems(items)
}

/** What holds at no shop is not near to anything. */
export function toNearItems(incentives: readonly Pick<Schema['Incentive'], 'id' | 'title' | 'unit_name' | 'benefit' | 'distance_m'>[]): NearItem[] {
  return incentives.flatMap(({ id, title, unit_name, benefit, distance_m }) =>
    distance_m === null
      ? []
      : [{ id, title, note: [benefit, unit_name].filter(Boolean).join(' · '), distance: distanceInWords(distance_m) }],
  )
}

export function distanceInWords(metres: number): string {
  if (metres < NEAR_BY) return zh.near.atHand
  if (metres < KILOMETRE) return zh.near.metres(Math.round(metres / 10) * 10)
  return zh.near.kilometres((metres / KILOMETRE).toFixed(1))
}
