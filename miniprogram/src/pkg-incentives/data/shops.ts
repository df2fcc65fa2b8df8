/** A shop as a row: where it is, with its district named where the address does not. */
import type { Schema } from '@/api'

export interface ShopRow {
  id: string
  name: string
  address: string
  latitude: number
  longitude: number
}

export function toShopRow(shop: Schema['Shop'], districts: readonly Schema['District'][]): ShopRow {
  const { id, name, latitude, longitude } = shop
  const district = districts.find(({ key }) => key === shop.district)?.name ?? ''
  const address = shop.address.includes(district) ? shop.address : `${district}${shop.address}`
  return { id, name, address, latitude, longitude }
}
