import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { choose, countChosen, MOST_CHOSEN, toActionRows, toOutcome, toQuestion, type Chosen } from './what-if'

const way = (code: string, milli: number, quantity = 3): Schema['Way'] => ({
  indicator: { code, name: code },
  action: '可以参加',
  quantity,
  unit: '次',
  score: (milli / 1000).toFixed(1),
  score_milli: milli,
  reaches: false,
  most_a_year: null,
})
const [action] = toActionRows([way('献血', 70_000)])

describe('the actions', () => {
  it('stand with what brings most first, and go up to where more brings nothing', () => {
    expect(toActionRows([way('甲', 61_000), way('乙', 65_000)]).map(({ code, most, step }) => [code, most, step])).toEqual([
      ['乙', 3, 1],
      ['甲', 3, 1],
    ])
  })

  it('go in larger steps where there are many', () => {
    expect(toActionRows([way('时长', 65_000, 48)])[0]).toMatchObject({ most: 50, step: 5 })
  })
})

describe('choosing', () => {
  it('stays between nothing and the most', () => {
    expect(choose({}, action!, 9)).toEqual({ 献血: 3 })
    expect(choose({ 献血: 1 }, action!, -1)).toEqual({ 献血: 0 })
  })

  it('asks for what was chosen and nothing else', () => {
    expect(toQuestion({ 献血: 2, 志愿: 0 })).toEqual({ add: [{ indicator: '献血', quantity: 2 }] })
  })

  it('takes no more things than one question may hold', () => {
    const full: Chosen = Object.fromEntries(Array.from({ length: MOST_CHOSEN }, (_, i) => [`a${i}`, 1]))
    expect(choose(full, action!, 1)).toBe(full)
    expect(countChosen(choose({ ...full, a0: 0 }, action!, 1))).toBe(MOST_CHOSEN)
  })
})

it('shows the new score, its level and the difference', () => {
  const answer = {
    score: '80.0',
    level: { code: 'excellent', name: '信用优秀' },
    difference: '1.5',
    difference_milli: 1_500,
    model: { example: true, version: '2026-01' },
  } as Schema['WhatIfAnswer']
  expect(toOutcome(answer)).toEqual({ score: '80.0', level: '信用优秀', difference: '+1.5', isMore: true, isExample: true })
  expect(toOutcome({ ...answer, level: null, difference: '0.0', difference_milli: 0 })).toMatchObject({ level: null, difference: '0' })
})
