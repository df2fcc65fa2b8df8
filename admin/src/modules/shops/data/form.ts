/** What is typed about a shop, as text; and what of it is sent. */
import type { NewShop, Shop } from './shops'

export const FIELDS = ['name', 'address', 'district', 'phone', 'hours', 'place'] as const
export type ShopForm = Record<(typeof FIELDS)[number], string>

export const emptyForm = (): ShopForm => ({ name: '', address: '', district: '', phone: '', hours: '', place: '' })

export const formOf = (shop: Shop): ShopForm => ({
  name: shop.name,
  address: shop.address,
  district: shop.district,
  phone: shop.phone ?? '',
  hours: shop.hours ?? '',
  place: shop.latitude === null || shop.longitude === null ? '' : `${shop.latitude}, ${shop.longitude}`,
})

export const areSame = (one: ShopForm, other: ShopForm): boolean => FIELDS.every((field) => one[field].trim() === other[field].trim())

const PLACE = /^\s*(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)\s*$/

/** Null for none, undefined for what cannot be read. */
export function placeOf(text: string): { latitude: number; longitude: number } | null | undefined {
  if (!text.trim()) return null
  const read = PLACE.exec(text)
  return read ? { latitude: Number(read[1]), longitude: Number(read[2]) } : undefined
}

export function bodyOf(form: ShopForm): NewShop {
  const place = placeOf(form.place)
  return {
    name: form.name.trim(),
    address: form.address.trim(),
    district: form.district,
    phone: form.phone.trim() || null,
    hours: form.hours.trim() || null,
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  }
}
