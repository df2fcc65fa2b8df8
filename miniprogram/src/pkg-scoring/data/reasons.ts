/** What weighs most in a score, told by the service in the city's own sentences. */
import type { Schema } from '@/api'

export interface ReasonRow {
  code: string
  isGain: boolean
  sentence: string
}

export const toReasonRows = (reasons: readonly Schema['ScoreReason'][]): ReasonRow[] =>
  reasons.map(({ indicator, points_milli, sentence }) => ({ code: indicator.code, isGain: points_milli > 0, sentence }))
