/** A shop as a row: where it is, with its district named where the address does not. */
import type { Schema } from '@/api'
import type { Place } from '@/platform/location'
import { zh } from '../locales/zh'

export interface ShopRow {
  id: string
  name: string
  address: string
  /** When it is open and its telephone, as far as it has told. */
  notes: string[]
  place: Place | null
}

export function toShopRow(shop: Schema['Shop'], districts: readonly Schema['District'][]): ShopRow {
  const { id, name, latitude, longitude, hours, phone } = shop
  const district = districts.find(({ key }) => key === shop.district)?.name ?? ''
  const address = shop.address.includes(district) ? shop.address : `${district}${shop.address}`
  const notes = [hours && zh.hours(hours), phone && zh.phone(phone)].filter((note): note is string => !!note)
  return { id, name, address, notes, place: latitude === null || longitude === null ? null : { latitude, longitude } }
}
