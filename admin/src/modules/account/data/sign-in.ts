/** Signing in, step by step, and the ways to the first password or a new one. */
import { answer, client, type Answer } from '@/api'
import { askPasskey } from './passkey-prompt'

export type Signing = Answer<'post', '/api/v1/console/session'>
const SESSION = '/api/v1/console/session'

export const enter = (email: string, password: string): Promise<Signing> =>
  answer(client.POST(SESSION, { body: { email, password } }))

export const confirmTotp = (code: string): Promise<Signing> =>
  answer(client.POST(`${SESSION}/totp`, { body: { code: code.replace(/\s/g, '') } }))

export const confirmRecovery = (code: string): Promise<Signing> =>
  answer(client.POST(`${SESSION}/recovery`, { body: { code: code.trim() } }))

export async function confirmPasskey(): Promise<Signing> {
  const options = await answer(client.POST(`${SESSION}/passkey/options`, { body: {} }))
  return answer(client.POST(`${SESSION}/passkey`, { body: { credential: await askPasskey(options) } }))
}

/** Without e-mail and password: the passkey says who it is. */
export async function enterByPasskey(): Promise<Signing> {
  const options = await answer(client.POST('/api/v1/console/passkey-session/options', { body: {} }))
  return answer(client.POST('/api/v1/console/passkey-session', { body: { credential: await askPasskey(options) } }))
}

export const isSetUpNeeded = async (): Promise<boolean> => (await answer(client.GET('/api/v1/console/set-up'))).needed

export const setUp = (body: { token: string; name: string; email: string; password: string }): Promise<Signing> =>
  answer(client.POST('/api/v1/console/set-up', { body }))

export type Invitation = Answer<'post', '/api/v1/console/invitations/look'>

export const lookAtInvitation = (token: string): Promise<Invitation> =>
  answer(client.POST('/api/v1/console/invitations/look', { body: { token } }))

export const acceptInvitation = (body: { token: string; name: string; password: string }): Promise<Signing> =>
  answer(client.POST('/api/v1/console/invitations/accept', { body }))

export const askForReset = (email: string): Promise<unknown> =>
  answer(client.POST('/api/v1/console/password-resets', { body: { email } }))

export const acceptReset = (token: string, password: string): Promise<unknown> =>
  answer(client.POST('/api/v1/console/password-resets/accept', { body: { token, password } }))
