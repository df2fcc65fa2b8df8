/** A resident with a score on a phone, brought there over the interface. */
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

async function ask<T>(url: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Signed in on the phone, bound, and agreed to scoring. */
export async function becomeResident(phone: Phone, { backend, simulator, people }: System, user: string): Promise<string> {
  const api = `${backend}/api/v1/resident`
  const { code } = await ask<{ code: string }>(`${simulator}/__sim/login`, { user })
  const { access_token, refresh_token } = await ask<Pair>(`${api}/session`, { code })
  const { name, id_number } = people.find((each) => each.user === user)!
  await ask(`${api}/identity`, { name, id_number, proof: { provider: 'sandbox' } }, access_token)
  const texts = await ask<{ items: { purpose: string; version: string }[] }>(`${api}/consents`, undefined, access_token)
  const { version } = texts.items.find(({ purpose }) => purpose === 'scoring')!
  await ask(`${api}/consents`, { purpose: 'scoring', version }, access_token)
  const stored = JSON.stringify({ type: 'string', data: JSON.stringify({ access_token, refresh_token }) })
  await phone.page.evaluate((text) => localStorage.setItem('session.resident', text), stored)
  return access_token
}

export async function findIncentive({ backend }: System, title: string): Promise<Listed> {
  const { items } = await ask<{ items: Listed[] }>(`${backend}/api/v1/public/incentives?limit=200`)
  return items.find((each) => each.title === title)!
}
