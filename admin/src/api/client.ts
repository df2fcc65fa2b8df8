/**
 * The typed client. It sends the session's secret word with every change, gives up after a while, and
 * turns what is no answer into `ApiError` or `NetworkFailure`. It shows nothing: a page tells people what happened.
 */
import createFetchClient, { type Middleware } from 'openapi-fetch'
import { ApiError, NetworkFailure, hasCode } from './problems'
import type { Contract } from './contract'

export interface SessionLink {
  csrfToken(): string
  /** The service answered somebody signed in, which puts off the end of the session. */
  answered(): void
  /** The service no longer knows the session. */
  ended(): void
  /** The secret word is another session's, begun in another window. */
  outdated(): void
}

const TIMEOUT_MS = 20_000
const READING = new Set(['GET', 'HEAD'])

export function createClient(link: SessionLink, send: typeof fetch = (...request) => fetch(...request)) {
  const session: Middleware = {
    onRequest({ request }) {
      if (!READING.has(request.method)) request.headers.set('X-CSRF-Token', link.csrfToken())
      return request
    },
    onResponse({ response }) {
      if (response.ok) link.answered()
      return response
    },
  }
  const client = createFetchClient<Contract>({
    baseUrl: globalThis.location?.origin ?? '',
    credentials: 'same-origin',
    fetch: (request) => sendInTime(send, request),
  })
  client.use(session)

  /** The answer alone; everything else is thrown. */
  async function answer<T>(asking: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
    const { data, error, response } = await asking
    if (response.ok) return data as T
    throw failureOf(link, error, response.status, response.headers.get('retry-after'))
  }

  return { client, answer }
}

/** What a refusal says; that the session is over is also told to it. */
export function failureOf(link: SessionLink, body: unknown, status: number, retryAfter: string | null): ApiError {
  const problem = typeof body === 'object' && body !== null ? body : {}
  const seconds = Number(retryAfter)
  const failure = new ApiError(problem, status, seconds > 0 ? seconds : null)
  if (isSessionOver(failure)) link.ended()
  if (hasCode(failure, 'session.csrf')) link.outdated()
  return failure
}

export function isSessionOver(failure: unknown): boolean {
  return hasCode(failure, 'session.required', 'session.ended')
}

async function sendInTime(send: typeof fetch, request: Request): Promise<Response> {
  try {
    return await send(request, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (error) {
    throw new NetworkFailure(error instanceof DOMException && error.name === 'TimeoutError' ? 'timeout' : 'offline')
  }
}
