/** The form of an incentive: what each field is, and the way from what the service holds to what is typed and back. */
import type { Content } from './incentives'

export type Kind = 'text' | 'long' | 'lines' | 'number' | 'points' | 'date' | 'time' | 'choice' | 'yes' | 'many'
export type Value = string | boolean | string[]
export type Form = Record<Field, Value>
export type Field = keyof Content & string

export const KINDS: Record<Field, Kind> = {
  form: 'choice',
  title: 'text',
  summary: 'long',
  category: 'choice',
  benefit_kind: 'choice',
  benefit: 'text',
  terms: 'lines',
  level: 'choice',
  score_milli: 'points',
  districts: 'many',
  shop_ids: 'many',
  valid_from: 'date',
  valid_until: 'date',
  weekdays: 'many',
  opens_at: 'time',
  closes_at: 'time',
  limit_times: 'number',
  limit_period: 'choice',
  uses: 'number',
  voucher_days: 'number',
  quota_total: 'number',
  quota_per_day: 'number',
  quota_per_shop: 'number',
  needs_match: 'yes',
  offline: 'yes',
  has_return: 'yes',
  cost_bearer: 'choice',
  contact: 'text',
}
export const SECTIONS: readonly { key: 'what' | 'who' | 'when' | 'count' | 'use'; fields: readonly Field[] }[] = [
  { key: 'what', fields: ['form', 'title', 'summary', 'category', 'benefit_kind', 'benefit', 'terms'] },
  { key: 'who', fields: ['level', 'score_milli', 'districts', 'shop_ids'] },
  { key: 'when', fields: ['valid_from', 'valid_until', 'weekdays', 'opens_at', 'closes_at'] },
  {
    key: 'count',
    fields: ['limit_times', 'limit_period', 'quota_total', 'quota_per_day', 'quota_per_shop', 'voucher_days', 'uses'],
  },
  { key: 'use', fields: ['needs_match', 'offline', 'has_return', 'cost_bearer', 'contact'] },
]
export const OPTIONAL: readonly Field[] = [
  'level', 'score_milli', 'districts', 'weekdays', 'opens_at', 'closes_at', 'quota_per_day', 'quota_per_shop', 'uses', 'contact',
]
const OF_VOUCHERS: readonly Field[] = ['voucher_days', 'quota_total', 'quota_per_day', 'uses']
export const FIELDS = Object.keys(KINDS) as Field[]

/** What a standing entitlement has no use for is not asked. */
export const isAsked = (form: Form, field: Field) => form.form !== 'standing' || !OF_VOUCHERS.includes(field)

export function formOf(content: Content): Form {
  const typed = (field: Field): Value => {
    const value = content[field]
    switch (KINDS[field]) {
      case 'yes':
        return value === true
      case 'many':
        return [...((value as string[] | null | undefined) ?? [])]
      case 'lines':
        return ((value as string[] | undefined) ?? []).join('\n')
      case 'points':
        return value == null ? '' : String((value as number) / 1000)
      default:
        return value == null ? '' : String(value)
    }
  }
  return Object.fromEntries(FIELDS.map((field) => [field, typed(field)])) as Form
}

/** Only what is filled in: what is missing is told when the draft is handed in. */
export function contentOf(form: Form): Content {
  const read = (field: Field): unknown => {
    const value = form[field]
    if (value === '' || (Array.isArray(value) && !value.length)) return undefined
    switch (KINDS[field]) {
      case 'number':
        return Number(value)
      case 'points':
        return Math.round(Number(value) * 1000)
      case 'lines':
        return linesOf(value as string)
      default:
        return value
    }
  }
  const filled = FIELDS.filter((field) => isAsked(form, field)).map((field) => [field, read(field)] as const)
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined)) as Content
}

export const isSame = (one: Form, other: Form) => JSON.stringify(one) === JSON.stringify(other)

const linesOf = (text: string) => {
  const lines = text.split('\n').map((line) => line.trim())
  const filled = lines.filter(Boolean)
  return filled.length ? filled : undefined
}
