import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toDistance, type Goal } from './distance'

const goal: Goal = { name: '到“信用优秀”', targetMilli: 80_000, level: 'excellent', incentive: null, benefit: null }
const way = (code: string, milli: number, reaches: boolean): Schema['Way'] => ({
  indicator: { code, name: code },
  action: '可以参加',
  quantity: 2,
  unit: '次',
  score: (milli / 1000).toFixed(1),
  score_milli: milli,
  reaches,
  most_a_year: null,
})
const ways = (changes: Partial<Schema['Ways']> = {}): Schema['Ways'] => ({
  score: '60.0',
  score_milli: 60_000,
  target: '80.0',
  target_milli: 80_000,
  missing: '20.0',
  missing_milli: 20_000,
  model: { example: true, version: '2026-01' },
  plans: [],
  items: [way('甲', 80_500, true), way('乙', 61_000, false), way('丙', 66_000, false)],
  ...changes,
})

describe('the distance', () => {
  it('is told in points, with what alone is enough and what helps', () => {
    const distance = toDistance(goal, ways())
    expect(distance).toMatchObject({
      isReached: false,
      missing: '还差 20.0 分',
      range: '现在 60.0 分，需要 80 分',
      percent: 75,
      isExample: true,
    })
    expect(distance.enough).toEqual([{ code: '甲', title: '甲：2 次', action: '可以参加', result: '到 80.5 分', time: null }])
    expect(distance.helps.map(({ code }) => code)).toEqual(['丙', '乙'])
  })

  it('says how many years it takes what a year has no room for', () => {
    const time = (unit: string, quantity: number, most_a_year: number) =>
      toDistance(goal, ways({ items: [{ ...way('甲', 80_500, true), unit, quantity, most_a_year }] })).enough[0]!.time
    expect([time('次', 5, 2), time('次', 2, 2), time('年', 4, 1)]).toEqual(['一年最多 2 次，要用 3 年', null, '要用 4 年'])
  })

  it('tells what is enough together', () => {
    const step = (text: string) => ({ indicator: { code: text, name: text }, action: '可以参加', quantity: 2, unit: '次', text })
    const plan = { steps: [step('无偿献血 2 次'), step('按时缴水费满 1 年')], score: '80.9', score_milli: 80_900 }
    expect(toDistance(goal, ways({ plans: [plan] })).plans).toEqual([
      {
        key: '无偿献血 2 次+按时缴水费满 1 年',
        steps: [
          { code: '无偿献血 2 次', text: '无偿献血 2 次', action: '可以参加' },
          { code: '按时缴水费满 1 年', text: '按时缴水费满 1 年', action: '可以参加' },
        ],
        result: '到 80.9 分',
      },
    ])
  })

  it('is never shown as done while a thousandth is missing', () => {
    const distance = toDistance(goal, ways({ score: '80.0', score_milli: 79_999, missing: '0.1', missing_milli: 1 }))
    expect([distance.isReached, distance.percent]).toEqual([false, 99])
  })

  it('is none once there', () => {
    const there = ways({ score_milli: 84_000, missing: '0.0', missing_milli: 0, items: [] })
    expect(toDistance(goal, there)).toMatchObject({ isReached: true, percent: 100, enough: [] })
  })
})
