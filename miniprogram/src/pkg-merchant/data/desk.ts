/** Looking at a code, and honouring it once. The shop learns "entitled or not" and the offer, nothing more. */
import { ApiError, call, hasCode, type Schema } from '@/api'
import { sentence } from '@/composables/sentence'
import { momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'

const words = zh.desk

export interface VerdictView {
  isEntitled: boolean
  /** The offer; not told for a code that is not valid. */
  title: string
  benefit: string
  terms: string[]
  /** Why not, in one plain sentence. */
  reason: string
  needsMatch: boolean
}

export const validate = (code: string, key: string) => call('post', '/api/v1/merchant/validations', { key, body: { code } })

export const redeem = (code: string, scanId: string, match: string | null, key: string) =>
  call('post', '/api/v1/merchant/redemptions', { key, body: { code, scan_id: scanId, match } })

/** What a scanner adds around a code is taken off; inside, nothing is changed. */
export function tidyCode(scanned: string): string {
  return scanned.replace(/^[\r\n\t]+|[\r\n\t]+$/g, '')
}

export function toVerdictView(verdict: Schema['Verdict']): VerdictView {
  const asksDigits = verdict.reason === 'voucher.needs_match'
  return {
    isEntitled: verdict.entitled || asksDigits,
    title: verdict.offer?.title ?? '',
    benefit: verdict.offer?.benefit ?? '',
    terms: verdict.offer?.terms ?? [],
    reason: verdict.entitled || asksDigits ? '' : reasonInWords(verdict.reason),
    needsMatch: asksDigits,
  }
}

function reasonInWords(code: string | null): string {
  return words.refusals[code ?? ''] ?? words.refusals['voucher.not_valid']!
}

/** Why honouring was refused; the own shop is told when the code was used before. */
export function refusalInWords(failure: unknown): string {
  if (hasCode(failure, 'voucher.already_redeemed') && typeof failure.data.redeemed_at === 'string') {
    return words.usedAt(momentInWords(failure.data.redeemed_at))
  }
  if (asksForMatch(failure) && typeof failure.data.tries_left === 'number') return words.tries(failure.data.tries_left)
  return sentence(failure, words.refusals)
}

export function asksForMatch(failure: unknown): failure is ApiError {
  return hasCode(failure, 'voucher.needs_match')
}
