/**
 * The code that signs somebody in. In WeChat it comes from `wx.login`; the web page of a trial takes it
 * from the simulator, where one picks whom to play. Anywhere else there is no way to sign in on the web.
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

/** The simulator's address, or null where the real WeChat signs people in. */
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

export async function listPeopleToPlay(address: string): Promise<PersonToPlay[]> {
  const { body } = await ask(`${address}/__sim/users`)
  return (body as { items: PersonToPlay[] }).items
}

export async function codeFromSimulator(address: string, user: string): Promise<string> {
  const { body } = await ask(`${address}/__sim/login`, { user })
  return (body as { code: string }).code
}

export function codeFromWeChat(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: ({ code }) => resolve(code),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
}

function ask(url: string, body?: object): Promise<Received> {
  const headers: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
  return send({ method: body ? 'POST' : 'GET', url, headers, body, timeoutMs: TIMEOUT_MS })
}
