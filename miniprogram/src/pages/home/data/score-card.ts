/** The score as the dial shows it, on the home page and on the page of the score. */
import { call, hasCode, type Schema } from '@/api'
import { shortDay } from '@/wording/days'
import { zh } from '../locales/zh'

type Score = Schema['Score']
type Level = Schema['Level']

export interface ScoreCard {
  score: string
  scoreMilli: number
  /** Below the lowest level there is no name, and none is made up. */
  level: string | null
  /** What opens next, and how far it is. */
  next: string
  asOf: string
  isExample: boolean
  marks: number[]
}

export const fetchScore = () => call('get', '/api/v1/resident/score')

export function toScoreCard(score: Score, levels: readonly Level[]): ScoreCard {
  return {
    score: score.score,
    scoreMilli: score.score_milli,
    level: score.level?.name ?? null,
    next: score.next_level ? zh.next(score.next_level.missing, score.next_level.name) : zh.highest,
    asOf: zh.asOf(shortDay(score.as_of)),
    isExample: score.model.example,
    marks: levels.map(({ from_milli }) => from_milli),
  }
}

/** Why there is no score, where that is nobody's mistake; each has a next step of its own. */
export type NoScore = 'not_bound' | 'not_agreed' | 'pending' | 'no_residence' | 'under_age'

const REASONS: Record<string, NoScore> = {
  'identity.not_bound': 'not_bound',
  'score.not_authorised': 'not_agreed',
  'score.data_pending': 'pending',
  'score.no_residence': 'no_residence',
  'score.under_age': 'under_age',
}

export function whyNoScore(failure: unknown): NoScore | null {
  return hasCode(failure, ...Object.keys(REASONS)) ? REASONS[failure.code]! : null
}
