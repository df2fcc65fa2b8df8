/** Why an identity is not proven yet, in one sentence that says what to do next. */
import { sentence } from '@/composables/sentence'
import type { Ended } from '@/platform/face'
import { zh } from '../locales/zh'
import type { Way } from './proving'

const words = zh.bind

/** How a try ended, as far as the phone knows; `pending` when the other side has no result yet. */
export type End = Ended | 'pending'

export function tellTrouble(way: Way, end: End | null, failure: unknown): string {
  if (end && end !== 'done') return words.ends[way]?.[end] ?? words.endsAnyhow[end]
  return failure ? sentence(failure, { ...words.refusals, ...words.refusalsOf[way] }) : ''
}
