import { describe, expect, it } from 'vitest'
import { ApiError, NetworkFailure, type Schema } from '@/api'
import { toScoreCard, whyNoScore } from './score-card'

const levels = [
  { code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 },
  { code: 'excellent', name: '信用优秀', from: '80.0', from_milli: 80_000 },
]
const score = (changes: Partial<Schema['Score']>): Schema['Score'] => ({
  score: '68.4',
  score_milli: 68_400,
  level: { code: 'good', name: '信用良好' },
  next_level: { code: 'excellent', name: '信用优秀', from: '80.0', from_milli: 80_000, missing: '11.6', missing_milli: 11_600, ways: [] },
  as_of: '2026-11-29',
  base: '60.0',
  base_milli: 60_000,
  adjustments: [],
  dimensions: [],
  reasons: [],
  model: { example: true, version: '2026-01' },
  ...changes,
})

describe('the dial', () => {
  it('names the level, what opens next, the day and that the model is an example', () => {
    expect(toScoreCard(score({}), levels)).toEqual({
      score: '68.4',
      scoreMilli: 68_400,
      level: '信用良好',
      next: '再加 11.6 分，到“信用优秀”',
      asOf: '截至 11月29日',
      isExample: true,
      marks: [60_000, 80_000],
    })
  })

  it('names no level below the lowest, only what would open next', () => {
    const next_level = { code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000, missing: '4.5', missing_milli: 4_500, ways: [] }
    const card = toScoreCard(score({ score: '55.5', score_milli: 55_500, level: null, next_level }), levels)
    expect([card.level, card.next]).toEqual([null, '再加 4.5 分，到“信用良好”'])
  })

  it('has nothing to reach at the top', () => {
    expect(toScoreCard(score({ next_level: null }), levels).next).toBe('已经是最高一级')
  })
})

it('tells a reason for having no score from a failure', () => {
  expect(whyNoScore(new ApiError({ code: 'score.not_authorised' }, 409))).toBe('not_agreed')
  expect(whyNoScore(new ApiError({ code: 'internal' }, 500))).toBeNull()
  expect(whyNoScore(new NetworkFailure('offline'))).toBeNull()
})
