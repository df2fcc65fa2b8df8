/** A resident of the trial, by the calls a phone makes. */
import type { System } from '../../../miniprogram/tests/browser/system'

async function post(url: string, body: object, token?: string): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, string>
}

/** Signs in and binds the identity. */
export async function becomeResident({ backend, simulator }: System, person: System['people'][number]): Promise<void> {
  const { code } = await post(`${simulator}/__sim/login`, { user: person.user })
  const { access_token: token } = await post(`${backend}/api/v1/resident/session`, { code })
  const { name, id_number } = person
  await post(`${backend}/api/v1/resident/identity`, { name, id_number, proof: { provider: 'sandbox' } }, token)
}
