/**
 * On the web page of a trial the simulator stands in for WeChat: for signing in, and for what WeChat does on a
 * phone. Anywhere else there is none.
 */
import type { Received } from '@/api/client'
import { IS_WEB } from './environment'
import { send } from './request'

export interface PersonToPlay {
  user: string
  label: string
  /** What this invented person would type into a form. */
  entries: Record<string, string>
}

const TIMEOUT_MS = 8_000
let simulator: Promise<string | null> | null = null

/** The simulator's address, or null where the real WeChat does its work. */
export function findSimulator(): Promise<string | null> {
  if (!IS_WEB) return Promise.resolve(null)
  simulator ??= ask(`${import.meta.env.BASE_URL}config.json`)
    .then(({ body }) => (body as { simulator?: string | null }).simulator ?? null)
    .catch((failure: unknown) => {
      simulator = null
      throw failure
    })
  return simulator
}

/** A control call. Null where there is no simulator, or it did not do it. */
export async function askSimulator<T>(call: string, body?: object): Promise<T | null> {
  const address = await findSimulator()
  if (!address) return null
  const { status, body: answer } = await ask(`${address}/__sim/${call}`, body)
  return status === 200 ? (answer as T) : null
}

/** Whom one may play, or nobody outside of a trial. */
export async function listPeopleToPlay(): Promise<PersonToPlay[]> {
  return (await askSimulator<{ items: PersonToPlay[] }>('users'))?.items ?? []
}

function ask(url: string, body?: object): Promise<Received> {
  const headers: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
  return send({ method: body ? 'POST' : 'GET', url, headers, body, timeoutMs: TIMEOUT_MS })
}
