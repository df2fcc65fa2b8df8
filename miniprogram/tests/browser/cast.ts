/** Bringing a phone quickly into a state, over the interface: signed in, agreed, with a voucher. */
import { KEYS, sealed } from '../sealed'
import type { Phone } from './phone'
import type { System } from './system'

interface Pair {
  access_token: string
  refresh_token: string
}
interface Listed {
  id: string
  title: string
  form: string
  unit_id: string | null
  eligible: boolean
  remaining: number | null
}

const OFFER = '满五十元减五元'
const WITH_MATCH = '家电先用后付'

async function ask<T>(url: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

async function codeOf(system: System, user: string): Promise<string> {
  return (await ask<{ code: string }>(`${system.simulator}/__sim/login`, { user })).code
}

/** Storage as uni-h5 writes it. */
async function keep(phone: Phone, key: string, pair: Pair): Promise<void> {
  const { access_token, refresh_token } = pair
  const stored = JSON.stringify({ type: 'string', data: JSON.stringify({ access_token, refresh_token }) })
  await phone.page.evaluate(([name, text]) => localStorage.setItem(name!, text!), [key, stored])
}

/** Somebody invented, whom no other test plays: 420200 and a serial number of their own. */
export function newPerson(name: string) {
  const serial = String(Math.floor(Math.random() * 900) + 100)
  const body = `42020019${60 + Math.floor(Math.random() * 40)}0${1 + Math.floor(Math.random() * 9)}15${serial}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0)
  return { user: `test-${body}`, name, id_number: body + '10X98765432'[sum % 11] }
}

/** Signed in, and nobody yet. */
export async function signIn(phone: Phone, system: System, user: string): Promise<string> {
  const pair = await ask<Pair>(`${system.backend}/api/v1/resident/session`, { code: await codeOf(system, user) })
  await keep(phone, 'session.resident', pair)
  return pair.access_token
}

export async function prepareResident(phone: Phone, system: System, user: string, { claims = true } = {}) {
  const api = `${system.backend}/api/v1/resident`
  const token = await signIn(phone, system, user)
  const person = system.people.find((each) => each.user === user)!
  await ask(`${api}/identity`, { name: person.name, id_number: person.id_number, proof: { provider: 'sandbox' } }, token)
  const texts = await ask<{ items: { purpose: string; version: string }[] }>(`${api}/consents`, undefined, token)
  const { version } = texts.items.find(({ purpose }) => purpose === 'scoring')!
  await ask(`${api}/consents`, { purpose: 'scoring', version }, token)

  const { items } = await ask<{ items: Listed[] }>(`${api}/incentives?limit=200`, undefined, token)
  const named = (title: string) => items.find((each) => each.title === title)!.id
  const incentive = named(OFFER)
  const voucher = claims ? await hold(api, incentive, token) : ''
  const score = await ask<{ dimensions: { lines: { record_id: string }[] }[] }>(`${api}/score`, undefined, token)
  const record = score.dimensions.flatMap(({ lines }) => lines)[0]?.record_id ?? ''
  const closed = (items.find(({ eligible }) => !eligible) ?? items[0]!).id
  const unit = items.find(({ id }) => id === incentive)?.unit_id ?? ''
  return { incentive, voucher, closed, record, withMatch: named(WITH_MATCH), unit }
}

/** The voucher somebody holds already, or one claimed now. */
async function hold(api: string, incentive: string, token: string): Promise<string> {
  const held = await ask<{ items: { id: string; incentive_id: string }[] }>(`${api}/vouchers?state=issued`, undefined, token)
  const found = held.items.find(({ incentive_id }) => incentive_id === incentive)
  return (found ?? (await ask<{ id: string }>(`${api}/vouchers`, { incentive_id: incentive }, token))).id
}

export async function joinClerk(phone: Phone, system: System): Promise<void> {
  const clerk = system.clerks.find(({ shop }) => shop.includes('便民超市'))!
  const session = `${system.backend}/api/v1/merchant/session`
  const enter = async (invite?: string) =>
    ask<Pair>(session, { code: await codeOf(system, clerk.user), ...(invite ? { invite } : {}) })
  await keep(phone, 'session.merchant', await enter().catch(() => enter(clerk.invite)))
}

/** The demonstration's units have signed nothing: on this phone one has. Gives its id. */
export async function sealCommitment(phone: Phone): Promise<string> {
  await phone.context.route('**/api/v1/public/commitments/*', (route) => route.fulfill({ json: sealed() }))
  await phone.context.route('**/.well-known/seal-keys.json', (route) => route.fulfill({ json: { keys: KEYS } }))
  return sealed().id
}
