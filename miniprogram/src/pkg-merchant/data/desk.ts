/** Looking at a code, and honouring it once. The shop learns "entitled or not" and the offer, nothing more. */
import { ApiError, call, hasCode, type Schema } from '@/api'
import { sentence } from '@/composables/sentence'
import { toBase64url } from '@/ticket/base64url'
import { decode } from '@/ticket/text'
import { momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'

const words = zh.desk
/** Too many wrong typed codes at this till. */
const LOCKED = 'voucher.too_many_wrong_codes'

export interface VerdictView {
  isEntitled: boolean
  /** The offer; not told for a code that is not valid. */
  title: string
  benefit: string
  terms: string[]
  /** Why not: a code for programs, and one plain sentence. */
  code: string
  reason: string
  needsMatch: boolean
  /** A typed code that is wrong, which may be a slip. */
  isMistyped: boolean
}

/** What goes with honouring. Sent again as it is, it has its effect once. */
export interface Honouring {
  code: string
  scanId: string
  match: string | null
  orderRef: string | null
  amountFen: number | null
}

export const validate = (code: string, key: string) => call('post', '/api/v1/merchant/validations', { key, body: { code } })

export const redeem = ({ code, scanId, match, orderRef, amountFen }: Honouring, key: string) =>
  call('post', '/api/v1/merchant/redemptions', {
    key,
    body: { code, scan_id: scanId, match, order_ref: orderRef, amount_fen: amountFen },
  })

/** What a scanner adds around a code is taken off; inside, nothing is changed. */
export function tidyCode(scanned: string): string {
  return scanned.replace(/^[\r\n\t]+|[\r\n\t]+$/g, '')
}

/** The ticket in a code, by which a till knows it again: the text itself changes every half minute. */
export function ticketIn(code: string): string {
  try {
    return toBase64url(decode(code).body.ticketId)
  } catch {
    return code
  }
}

export function toVerdictView(verdict: Schema['Verdict']): VerdictView {
  const asksDigits = verdict.reason === 'voucher.needs_match'
  return {
    isEntitled: verdict.entitled || asksDigits,
    title: verdict.offer?.title ?? '',
    benefit: verdict.offer?.benefit ?? '',
    terms: verdict.offer?.terms ?? [],
    code: verdict.reason ?? '',
    reason: verdict.entitled || asksDigits ? '' : reasonInWords(verdict),
    needsMatch: asksDigits,
    isMistyped: verdict.tries_left !== null,
  }
}

function reasonInWords({ reason, tries_left: triesLeft }: Schema['Verdict']): string {
  if (triesLeft !== null) return words.typedCode.wrong(triesLeft)
  return words.refusals[reason ?? ''] ?? words.refusals['voucher.not_valid']!
}

/** Why honouring was refused; the own shop is told when the code was used before. */
export function refusalInWords(failure: unknown): string {
  if (hasBeenUsed(failure) && typeof failure.data.redeemed_at === 'string') {
    return words.usedAt(momentInWords(failure.data.redeemed_at))
  }
  if (asksForMatch(failure) && typeof failure.data.tries_left === 'number') return words.tries(failure.data.tries_left)
  if (hasCode(failure, LOCKED)) return words.typedCode.locked(Math.ceil((failure.retryAfter ?? 0) / 60))
  if (hasCode(failure, 'voucher.not_valid') && typeof failure.data.tries_left === 'number') {
    return words.typedCode.wrong(failure.data.tries_left)
  }
  return sentence(failure, words.refusals)
}

export function asksForMatch(failure: unknown): failure is ApiError {
  return hasCode(failure, 'voucher.needs_match')
}

export function hasBeenUsed(failure: unknown): failure is ApiError {
  return hasCode(failure, 'voucher.already_redeemed')
}

/** Whether it is the typing that failed: nothing is said about what the customer may enjoy. */
export function isAboutTyping(failure: unknown): boolean {
  return hasCode(failure, LOCKED) || (hasCode(failure, 'voucher.not_valid') && 'tries_left' in failure.data)
}

/** Whether the service said no. Anything else leaves open what happened. */
export function isRefusal(failure: unknown): failure is ApiError {
  if (!(failure instanceof ApiError) || failure.code === 'idempotency.in_progress') return false
  if (failure.code === LOCKED) return true
  return failure.status < 500 && failure.status !== 429
}
