/** What people look after themselves: password, second factors, the devices they are signed in on. */
import { answer, client, keyed, type Answer } from '@/api'
import { makePasskey } from './passkey-prompt'

export const changePassword = (key: string, current: string, wanted: string): Promise<unknown> =>
  answer(client.POST('/api/v1/console/password', { body: { current, new: wanted }, headers: keyed(key) }))

export type TotpOffer = Answer<'post', '/api/v1/console/totp'>
export const offerTotp = (): Promise<TotpOffer> => answer(client.POST('/api/v1/console/totp', { body: {} }))

/** The first second factor brings recovery codes; any may make the session whole, under a new secret word. */
export type Enrolled = Answer<'post', '/api/v1/console/totp/confirm'>
export const confirmOwnTotp = (code: string): Promise<Enrolled> =>
  answer(client.POST('/api/v1/console/totp/confirm', { body: { code: code.replace(/\s/g, '') } }))

export const removeTotp = (password: string): Promise<unknown> =>
  answer(client.DELETE('/api/v1/console/totp', { body: { password } }))

export const drawRecoveryCodes = async (key: string): Promise<string[]> =>
  (await answer(client.POST('/api/v1/console/recovery-codes', { body: {}, headers: keyed(key) }))).recovery_codes

export type Passkey = Answer<'get', '/api/v1/console/passkeys'>['items'][number]
export const listPasskeys = async (): Promise<Passkey[]> => (await answer(client.GET('/api/v1/console/passkeys'))).items

export async function addPasskey(name: string): Promise<Enrolled> {
  const options = await answer(client.POST('/api/v1/console/passkeys/options', { body: {} }))
  const credential = await makePasskey(options)
  return answer(client.POST('/api/v1/console/passkeys', { body: { credential, name } }))
}

export const removePasskey = (id: string): Promise<unknown> =>
  answer(client.DELETE('/api/v1/console/passkeys/{passkey_id}', { params: { path: { passkey_id: id } } }))

export type OwnSession = Answer<'get', '/api/v1/console/sessions'>['items'][number]
export const listSessions = async (): Promise<OwnSession[]> => (await answer(client.GET('/api/v1/console/sessions'))).items

export const endSession = (id: string): Promise<unknown> =>
  answer(client.DELETE('/api/v1/console/sessions/{session_id}', { params: { path: { session_id: id } } }))

export const endOtherSessions = (): Promise<unknown> => answer(client.DELETE('/api/v1/console/sessions'))
