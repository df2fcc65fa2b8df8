/** The yearly re-check: the unit confirms how it is, the office decides about what has changed. */
import { answer, client, keyed, type Answer, type Body } from '@/api'

export type OwnRecheck = Answer<'get', '/api/v1/partner/unit/recheck'>
export type Recheck = Answer<'post', '/api/v1/partner/unit/recheck'>
export type Facts = OwnRecheck['facts']
type Asked = OwnRecheck['asked']

const RECHECKS = '/api/v1/office/unit-rechecks/{recheck_id}'
const of = (id: string) => ({ params: { path: { recheck_id: id } } })

export const getOwnRecheck = (): Promise<OwnRecheck> => answer(client.GET('/api/v1/partner/unit/recheck'))

export const submitRecheck = (key: string, body: Body<'post', '/api/v1/partner/unit/recheck'>) =>
  answer(client.POST('/api/v1/partner/unit/recheck', { body, headers: keyed(key) }))

export const acceptRecheck = (key: string, id: string) =>
  answer(client.POST(`${RECHECKS}/acceptance`, { ...of(id), body: {}, headers: keyed(key) }))

export const returnRecheck = (key: string, id: string, reasons: Record<string, string>) =>
  answer(client.POST(`${RECHECKS}/return`, { ...of(id), body: { reasons }, headers: keyed(key) }))

export const FACTS = ['unit_name', 'category', 'contact', 'phone'] as const
export interface FactsForm extends Record<(typeof FACTS)[number], string> {
  answers: Record<string, string>
}

/** As last accepted, ready to be confirmed; what is asked each year is written anew. */
export function formOf(facts: Facts, asked: Asked): FactsForm {
  const texts = asked.filter(({ kind }) => kind === 'text')
  const answers = texts.map(({ code, due }) => [code, due === 'yearly' ? '' : (facts.answers?.[code] ?? '')])
  const fixed = FACTS.map((name) => [name, facts[name] ?? ''])
  return { ...(Object.fromEntries(fixed) as Omit<FactsForm, 'answers'>), answers: Object.fromEntries(answers) as Record<string, string> }
}

/** What is not filled in is sent as nothing, not as an empty text. */
export function sent({ answers, ...fixed }: FactsForm): Facts {
  const filled = Object.entries(answers).map(([code, text]) => [code, text.trim()] as const)
  return {
    ...Object.fromEntries(FACTS.map((name) => [name, fixed[name].trim() || null])),
    answers: Object.fromEntries(filled.filter(([, text]) => text)),
  }
}

export interface Change {
  field: string
  name: string
  before: string
  after: string
}

/** What a re-check changes, in words. */
export function changesOf(recheck: Recheck, facts: Facts, nameOf: (field: string) => string, shown: (field: string, text: string) => string): Change[] {
  const read = (from: Facts | Recheck, field: string): string => {
    const code = field.replace(/^answers\./, '')
    const text = code === field ? from[field as (typeof FACTS)[number]] : from.answers?.[code]
    return shown(field, text ?? '')
  }
  return recheck.changed.map((field) => ({ field, name: nameOf(field), before: read(facts, field), after: read(recheck, field) }))
}
