/** What can come instead of an answer: a refusal of the service, or no answer at all. */
import type { components } from './schema'

type Problem = Omit<components['schemas']['Problem'], 'data'> & { data?: Record<string, unknown> }

/** The service refused. `code` is for programs and never changes, `detail` is a sentence for people. */
export class ApiError extends Error {
  readonly code: string
  readonly detail: string
  readonly errors: Readonly<Record<string, string[]>>
  readonly data: Readonly<Record<string, unknown>>
  readonly requestId: string | null

  constructor(
    problem: Partial<Problem>,
    readonly status: number,
    /** Seconds to wait, where the service named them (429, 503). */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.code ?? `http.${status}`)
    this.name = 'ApiError'
    this.code = problem.code ?? `http.${status}`
    this.detail = problem.detail ?? ''
    this.errors = problem.errors ?? {}
    this.data = problem.data ?? {}
    this.requestId = problem.request_id ?? null
  }
}

export type NoAnswer = 'offline' | 'timeout'

/** Nothing came back. Whether the request had an effect is unknown, so it is repeated with the same key. */
export class NetworkFailure extends Error {
  constructor(readonly kind: NoAnswer) {
    super(kind)
    this.name = 'NetworkFailure'
  }
}

/** Something did not come about here in the browser; the message is a sentence for people. */
export class NotDone extends Error {
  override readonly name = 'NotDone'
}

export function hasCode(failure: unknown, ...codes: string[]): failure is ApiError {
  return failure instanceof ApiError && codes.includes(failure.code)
}
