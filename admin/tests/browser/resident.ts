/** Residents with a score, brought there over the interface. */
import type { Phone } from '../../../miniprogram/tests/browser/phone'
import type { System } from '../../../miniprogram/tests/browser/system'

interface Pair {
  access_token: string
  refresh_token: string
}
interface Listed {
  id: string
  title: string
  unit_id: string | null
}
type List<T> = { items: T[] }

async function ask<T>(url: string, { body, token, key }: { body?: unknown; token?: string; key?: string } = {}): Promise<T> {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  if (key) headers['Idempotency-Key'] = key
  const answer = await fetch(url, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) } as RequestInit)
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Signed in, bound, and agreed to scoring. */
export async function becomeResident({ backend, simulator, people }: System, user: string): Promise<Pair> {
  const api = `${backend}/api/v1/resident`
  const { code } = await ask<{ code: string }>(`${simulator}/__sim/login`, { body: { user } })
  const pair = await ask<Pair>(`${api}/session`, { body: { code } })
  const token = pair.access_token
  const { name, id_number } = people.find((each) => each.user === user)!
  await ask(`${api}/identity`, { body: { name, id_number, proof: { provider: 'sandbox' } }, token })
  const texts = await ask<List<{ purpose: string; version: string }>>(`${api}/consents`, { token })
  const { version } = texts.items.find(({ purpose }) => purpose === 'scoring')!
  await ask(`${api}/consents`, { body: { purpose: 'scoring', version }, token })
  return pair
}

/** The first voucher that is open to them. */
export async function claimVoucher({ backend }: System, { access_token: token }: Pair): Promise<{ id: string }> {
  const api = `${backend}/api/v1/resident`
  const { items } = await ask<List<Listed>>(`${api}/incentives?entitled=true&form=voucher`, { token })
  return ask(`${api}/vouchers`, { body: { incentive_id: items[0]!.id }, token, key: 'the first' })
}

/** The resident's session, as the page on the phone keeps it. */
export async function keepOnPhone(phone: Phone, pair: Pair): Promise<void> {
  const stored = JSON.stringify({ type: 'string', data: JSON.stringify(pair) })
  await phone.page.evaluate((text) => localStorage.setItem('session.resident', text), stored)
}

export async function findIncentive({ backend }: System, title: string): Promise<Listed> {
  const { items } = await ask<List<Listed>>(`${backend}/api/v1/public/incentives?limit=200`)
  return items.find((each) => each.title === title)!
}
