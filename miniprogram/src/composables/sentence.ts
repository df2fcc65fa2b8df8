/** What a person reads when something failed: by its code, else the service's own sentence. */
import { ApiError, NetworkFailure, SignedOut } from '@/api'
import { zh } from '@/locales/zh'

export function sentence(failure: unknown, ours: Record<string, string> = {}): string {
  if (failure instanceof NetworkFailure) return zh.failure[failure.kind]
  if (failure instanceof SignedOut) return zh.failure.signedOut
  if (!(failure instanceof ApiError)) return zh.failure.unknown
  const text =
    ours[failure.code] ??
    zh.refusals[failure.code] ??
    (failure.detail || (failure.status >= 500 ? zh.failure.service : zh.failure.unknown))
  return failure.retryAfter ? `${text}${zh.waitSeconds(failure.retryAfter)}` : text
}

/** The number to name when asking for help; only errors of the system have one worth naming. */
export function helpNumber(failure: unknown): string | null {
  return failure instanceof ApiError && failure.status >= 500 ? failure.requestId : null
}
