/** The one client of the console. Pages call it through `data/` of their module. */
import { createClient, type SessionLink } from './client'
import { createFileSending, createUpload } from './upload'

/** Filled by the session store, which stands above this. */
export const link: SessionLink = { csrfToken: () => '', answered: () => {}, ended: () => {}, outdated: () => {} }

const linked: SessionLink = {
  csrfToken: () => link.csrfToken(),
  answered: () => link.answered(),
  ended: () => link.ended(),
  outdated: () => link.outdated(),
}
export const { client, answer } = createClient(linked)
export const upload = createUpload(linked)
export const sendFile = createFileSending(linked)

/** A random name for one action; the same for each try, so that a repeated request has one effect. */
export const newKey = (): string => crypto.randomUUID()
export const keyed = (key: string) => ({ 'Idempotency-Key': key })

export type { Answer, Body, Query } from './contract'
export { isSessionOver } from './client'
export type { Progress } from './upload'
export { ApiError, NetworkFailure, NotDone, hasCode } from './problems'
