import { expect, it } from 'vitest'
import type { Names } from './report'
import { lastedOf, meansByMonth, progressOf, rowsOf, stateOf, type Month, type Run } from './runs'

const run = {
  people: 400,
  done: 100,
  seconds_left: 180,
  finished: false,
  begun_at: '2026-11-01T00:00:00Z',
  ended_at: null,
} as Run
const names: Names = { district: (key) => key, level: (code) => code, indicator: (code) => code }
const month = (day: string, mean: number): Month =>
  ({
    month: day,
    as_of: day,
    model_version: '2026-01',
    figures: {
      people: 100,
      mean_milli: mean,
      levels: [[''], ['good']],
      counts: [40, 60],
      groups: {
        district: [],
        sex: [],
        age: [
          { keys: ['18', '30'], people: 60, mean_milli: mean + 1000, counts: [24, 36] },
          { keys: ['45'], people: 40, mean_milli: mean - 1500, counts: null },
        ],
      },
    },
  }) as Month

it('tells how far a run is', () => {
  expect(stateOf(run)).toBe('进行中')
  expect(progressOf(run)).toBe('100 / 400 人，约剩 3 分钟')
  expect(lastedOf(run)).toBe('—')
  const over = { ...run, finished: true, seconds_left: null, ended_at: '2026-11-01T00:05:00Z' }
  expect([stateOf(over), progressOf(over), lastedOf(over)]).toEqual(['已完成', '400 / 400 人', '5 分钟'])
})

it('draws the months in their order, and a merged group for each of its parts', () => {
  const chart = meansByMonth([month('2026-11-01', 70_000), month('2026-10-01', 60_000)], 'age', names)
  expect(chart.labels).toEqual(['2026-10', '2026-11'])
  expect(chart.series.map(({ values }) => values)).toEqual([[61, 71], [61, 71], [58.5, 68.5]])
})

it('ends the line of a group that a month does not tell', () => {
  const without = month('2026-10-01', 60_000)
  without.figures.groups!.age.pop()
  const chart = meansByMonth([month('2026-11-01', 70_000), without], 'age', names)
  expect(chart.series.map(({ values }) => values)).toEqual([[61, 71], [61, 71], [null, 68.5]])
})

it('tells no share where a small group could be worked out', () => {
  const [young, middle, all] = rowsOf(month('2026-11-01', 70_000), 'age', names)
  expect(young?.shares).toEqual(['40%', '60%'])
  expect(middle?.shares).toEqual(['不显示', '不显示'])
  expect([middle?.difference, all?.people]).toEqual(['-1.5', '100'])
})
