/** What a person reads when something failed: by its code, else the service's own sentence. */
import { ApiError, NetworkFailure, NotDone } from '@/api'
import { zh } from '@/locales/zh'

export function sentence(failure: unknown, ours: Record<string, string> = {}): string {
  if (failure instanceof NetworkFailure) return zh.failure[failure.kind]
  if (failure instanceof NotDone) return failure.message
  if (!(failure instanceof ApiError)) return zh.failure.unknown
  const text =
    ours[failure.code] ??
    zh.refusals[failure.code] ??
    (failure.detail || (failure.status >= 500 ? zh.failure.service : zh.failure.unknown))
  return failure.retryAfter ? `${text}${zh.waitFor(failure.retryAfter)}` : text
}

/** The number to name when asking for help; only errors of the system have one worth naming. */
export function helpNumber(failure: unknown): string | null {
  return failure instanceof ApiError && failure.status >= 500 ? failure.requestId : null
}
