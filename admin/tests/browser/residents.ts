/** A resident of the trial, by the calls a phone makes. */
import type { System } from '../../../miniprogram/tests/browser/system'

type Told = Record<string, unknown>

async function call(url: string, { token, ...options }: RequestInit & { token?: string } = {}): Promise<Told> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await fetch(url, { ...options, headers: { ...headers, ...(options.headers as Record<string, string>) } })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Told
}
const first = (told: Told) => (told.items as Told[])[0]!

/** Signs in, binds the identity, agrees to be scored, and claims a voucher. */
export async function becomeResident({ backend, simulator }: System, person: System['people'][number]): Promise<void> {
  const { user, name, id_number } = person
  const api = `${backend}/api/v1`
  const post = (url: string, body: object, more: RequestInit & { token?: string } = {}) =>
    call(url, { method: 'POST', body: JSON.stringify(body), ...more })
  const { code } = await post(`${simulator}/__sim/login`, { user })
  const token = (await post(`${api}/resident/session`, { code })).access_token as string
  await post(`${api}/resident/identity`, { name, id_number, proof: { provider: 'sandbox' } }, { token })
  const { version } = first(await call(`${api}/resident/consents`, { token }))
  await post(`${api}/resident/consents`, { purpose: 'scoring', version }, { token })
  const { id } = first(await call(`${api}/resident/incentives?entitled=true&form=voucher`, { token }))
  await post(`${api}/resident/vouchers`, { incentive_id: id }, { token, headers: { 'Idempotency-Key': user } })
}
