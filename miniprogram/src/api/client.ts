/**
 * A typed call of the service. It attaches the token, renews it once for all that wait, gives every
 * changing call its key, and turns what is no answer into `ApiError`, `NetworkFailure` or `SignedOut`.
 * It shows nothing: a page tells people what happened.
 */
import type { Answer, Arguments, Method, Operation, PathOf } from './contract'
import { ApiError, SignedOut, type Problem } from './problems'
import type { Audience, TokenPair, Tokens } from './tokens'

export interface Sending {
  method: string
  url: string
  headers: Record<string, string>
  body?: unknown
  timeoutMs: number
}
export interface Received {
  status: number
  headers: Record<string, string>
  body: unknown
}

export interface Outside {
  /** Rejects with `NetworkFailure` when nothing came back. */
  send(sending: Sending): Promise<Received>
  tokens: Tokens
  randomKey(): Promise<string>
  /** Runs the work while nobody else, in this or another tab, does work of that name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  baseUrl(): string
}

const TIMEOUT_MS = 15_000
const API = '/api/v1/'
const WITHOUT_TOKEN = /\/session(\/refresh)?$|\/invitations\/look$/

export type Call = <M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  args?: Arguments<Operation<M, P>>,
) => Promise<Answer<Operation<M, P>>>

interface Loose {
  query?: Record<string, unknown>
  path?: Record<string, unknown>
  body?: unknown
  key?: string
}

export function createClient(outside: Outside): Call {
  const renewals = new Map<Audience, Promise<void>>()

  async function call(method: Method, path: string, args: Loose = {}): Promise<unknown> {
    const audience = audienceOf(method, path)
    const sending: Sending = {
      method: method.toUpperCase(),
      url: outside.baseUrl() + addressOf(path, args),
      headers: { accept: 'application/json' },
      timeoutMs: TIMEOUT_MS,
    }
    if (args.body !== undefined) {
      sending.body = args.body
      sending.headers['content-type'] = 'application/json'
    }
    if (method === 'post') sending.headers['idempotency-key'] = args.key ?? (await outside.randomKey())
    if (!audience) return bodyOf(await outside.send(sending))
    return bodyOf(await sendSignedIn(sending, audience))
  }

  async function sendSignedIn(sending: Sending, audience: Audience): Promise<Received> {
    const first = outside.tokens.pair(audience)
    if (!first) throw new SignedOut(audience)
    const received = await outside.send(withToken(sending, first))
    if (received.status !== 401) return received
    await renew(audience, first)
    const second = outside.tokens.pair(audience)
    if (!second) throw new SignedOut(audience)
    const again = await outside.send(withToken(sending, second))
    if (again.status === 401) throw over(audience)
    return again
  }

  function renew(audience: Audience, used: TokenPair): Promise<void> {
    const running = renewals.get(audience)
    if (running) return running
    const renewal = outside
      .exclusively(`renew.${audience}`, () => exchange(audience, used))
      .finally(() => renewals.delete(audience))
    renewals.set(audience, renewal)
    return renewal
  }

  async function exchange(audience: Audience, used: TokenPair): Promise<void> {
    const now = outside.tokens.pair(audience)
    if (!now) throw new SignedOut(audience)
    // Somebody was quicker. Handing in the old refresh token now would end the whole session.
    if (now.access_token !== used.access_token) return
    const received = await outside.send({
      method: 'POST',
      url: `${outside.baseUrl()}${API}${audience}/session/refresh`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: { refresh_token: now.refresh_token },
      timeoutMs: TIMEOUT_MS,
    })
    if (received.status === 401 || received.status === 403) throw over(audience)
    outside.tokens.keep(audience, bodyOf(received) as TokenPair)
  }

  function over(audience: Audience): SignedOut {
    outside.tokens.forget(audience)
    return new SignedOut(audience)
  }

  return call as unknown as Call
}

function audienceOf(method: Method, path: string): Audience | null {
  if (method === 'post' && WITHOUT_TOKEN.test(path)) return null
  if (path.startsWith(`${API}resident/`)) return 'resident'
  if (path.startsWith(`${API}merchant/`)) return 'merchant'
  return null
}

function addressOf(path: string, { path: parts = {}, query = {} }: Loose): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])))
  const asked = Object.entries(query)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each: unknown) => [name, each] as const))
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return asked.length ? `${address}?${asked.join('&')}` : address
}

function withToken(sending: Sending, { access_token }: TokenPair): Sending {
  return { ...sending, headers: { ...sending.headers, authorization: `Bearer ${access_token}` } }
}

function bodyOf({ status, headers, body }: Received): unknown {
  if (status >= 200 && status < 300) return body === '' ? undefined : body
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const seconds = Number(headers['retry-after'])
  throw new ApiError(problem, status, Number.isFinite(seconds) && seconds > 0 ? seconds : null)
}

