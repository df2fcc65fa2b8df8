/** A code to say at one shop: which shops there are, and drawing one. */
import { call, type Schema } from '@/api'
import { distanceInWords } from '@/pages/incentives/data/incentive-rows'
import type { Place } from '@/platform/location'
import { fetchOffer, type Shown, type ShownOffer } from './showing'

export interface ShopChoice {
  id: string
  name: string
  address: string
  /** Null for a shop that has not told where it is. */
  place: Place | null
  /** In words, once it is known where the phone is. */
  distance: string | null
}
export interface DrawnCode {
  code: string
  shop: { id: string; name: string }
  expiresMs: number
  matchNumber: string | null
  /** How far the service's clock is ahead of the phone's. */
  aheadMs: number
}

export async function fetchChoices(shown: Shown): Promise<ShownOffer & { shops: ShopChoice[] }> {
  const offer = await fetchOffer(shown)
  const path = { incentive_id: offer.incentiveId }
  const { shops } = await call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
  return { ...offer, shops: shops.map(toChoice) }
}

export async function drawCode(shown: Shown, shopId: string, key: string): Promise<DrawnCode> {
  const what = 'voucher' in shown ? { voucher_id: shown.voucher } : { incentive_id: shown.incentive }
  const asked = Date.now()
  const drawn = await call('post', '/api/v1/resident/typed-codes', { key, body: { ...what, shop_id: shopId } })
  return toDrawnCode(drawn, (asked + Date.now()) / 2)
}

export function toDrawnCode(drawn: Schema['TypedCode'], phoneMs: number): DrawnCode {
  const { code, shop, expires_at, match_number: matchNumber, server_time } = drawn
  return { code, shop, expiresMs: Date.parse(expires_at), matchNumber, aheadMs: Date.parse(server_time) - phoneMs }
}

export function toChoice(shop: Schema['ShopOfIncentive']): ShopChoice {
  const { id, name, address, latitude, longitude } = shop
  const place = latitude === null || longitude === null ? null : { latitude, longitude }
  return { id, name, address, place, distance: null }
}

/** Where the phone is stays on the phone. */
export function nearestFirst(shops: readonly ShopChoice[], from: Place): ShopChoice[] {
  return shops
    .map((shop) => ({ shop, metres: shop.place ? metresBetween(from, shop.place) : Infinity }))
    .sort((one, other) => (one.metres === other.metres ? 0 : one.metres - other.metres))
    .map(({ shop, metres }) => ({ ...shop, distance: shop.place ? distanceInWords(metres) : null }))
}

export function matching(shops: readonly ShopChoice[], words: string): ShopChoice[] {
  const wanted = words.trim()
  return shops.filter(({ name, address }) => name.includes(wanted) || address.includes(wanted))
}

const METRES_PER_DEGREE = 111_195

/** Within a city the earth is flat. */
function metresBetween(one: Place, other: Place): number {
  const narrowing = Math.cos((one.latitude * Math.PI) / 180)
  return METRES_PER_DEGREE * Math.hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * narrowing)
}
