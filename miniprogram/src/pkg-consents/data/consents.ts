/** The texts in force, what was decided on each, and deciding. */
import { call, type Schema } from '@/api'
import { dayInWords, dayOf } from '@/wording/days'
import { zh } from '../locales/zh'

type Consent = Schema['Consent']

export interface ConsentRow {
  purpose: string
  title: string
  state: string
}

export const fetchConsents = async () => (await call('get', '/api/v1/resident/consents')).items

export async function fetchConsent(purpose: string): Promise<Consent> {
  const found = (await fetchConsents()).find((consent) => consent.purpose === purpose)
  if (!found) throw new Error(`no text for ${purpose}`)
  return found
}

export const decide = (purpose: string, version: string, decision: 'given' | 'declined', key: string) =>
  call('post', '/api/v1/resident/consents', { key, body: { purpose, version, decision } })

export const fetchEffects = (purpose: string) =>
  call('get', '/api/v1/resident/consents/{purpose}/effects', { path: { purpose } })

export const withdraw = (purpose: string) =>
  call('delete', '/api/v1/resident/consents/{purpose}', { path: { purpose } })

/** Given, and neither withdrawn nor for an older text. */
export function isGiven(consent: Consent): boolean {
  return consent.given_at !== null && consent.given_version === consent.version
}

export function toConsentRow(consent: Consent): ConsentRow {
  return { purpose: consent.purpose, title: consent.title, state: stateInWords(consent) }
}

function stateInWords(consent: Consent): string {
  const { list } = zh
  if (isGiven(consent)) return list.given(dayInWords(dayOf(consent.given_at!)))
  if (consent.given_at) return list.outdated
  if (consent.withdrawn_at) return list.withdrawn(dayInWords(dayOf(consent.withdrawn_at)))
  return consent.declined_at ? list.declined : list.none
}
