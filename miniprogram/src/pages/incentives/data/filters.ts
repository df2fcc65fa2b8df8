/** By what the catalogue can be narrowed and sorted, as choices with the names the city gives them. */
import type { Schema } from '@/api'
import { zh } from '../locales/zh'
import type { IncentiveQuestion, Sort } from './incentive-rows'

export type FilterKind = 'sort' | 'level' | 'district'
export const FILTER_KINDS: readonly FilterKind[] = ['sort', 'level', 'district']

export interface Choice {
  code: string
  name: string
  note?: string
}

/** From where distances are counted: the phone, or the middle of a district. */
export interface From {
  near: string
  /** None for the phone itself. */
  district: string | null
}

const SORTS: readonly Sort[] = ['newest', 'level', 'nearest']
/** Some hundred metres: near enough to sort by, and no more than that is told. */
const DECIMALS = 3

export function choicesOf(kind: FilterKind, city: Schema['City']): Choice[] {
  if (kind === 'sort') {
    return SORTS.map((code) => ({ code, name: zh.sorts[code], note: code === 'nearest' ? zh.nearest.note : undefined }))
  }
  if (kind === 'level') {
    const levels = city.levels.map(({ code, name, from }) => ({ code, name, note: zh.levelNote(from) }))
    return [{ code: '', name: zh.every.level }, ...levels]
  }
  return [
    { code: '', name: zh.every.district },
    ...city.districts.map(({ key, name }) => ({ code: key, name })),
  ]
}

/** What a filter's button reads: the choice made, else what can be chosen. */
export function labelOf(kind: FilterKind, question: IncentiveQuestion, city: Schema['City'], from: From | null): string {
  if (kind === 'sort') {
    return question.sort === 'nearest' && from?.district ? zh.nearest.from(from.district) : zh.sorts[question.sort]
  }
  const code = question[kind]
  const chosen = choicesOf(kind, city).find((choice) => choice.code === code && code)
  return chosen?.name ?? zh.filters[kind]
}

/** How many conditions hold, beside the order. */
export function countConditions({ q, form, category, level, district, onlyMine }: IncentiveQuestion): number {
  return [q, form, category, level, district, onlyMine].filter(Boolean).length
}

export function toNear({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `${latitude.toFixed(DECIMALS)},${longitude.toFixed(DECIMALS)}`
}

export function fromDistrict({ name, centre }: Schema['District']): From {
  return { near: toNear({ latitude: centre.lat, longitude: centre.lng }), district: name }
}
