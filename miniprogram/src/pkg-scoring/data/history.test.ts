import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toHistoryChart, toMonthRows } from './history'

const levels = [
  { code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 },
  { code: 'excellent', name: '信用优秀', from: '80.0', from_milli: 80_000 },
]
const month = (name: string, milli: number, changes: Partial<Schema['ScoreMonth']> = {}): Schema['ScoreMonth'] => ({
  month: name,
  score: (milli / 1000).toFixed(1),
  score_milli: milli,
  level: 'good',
  model_version: '2026-01',
  ...changes,
})
const year = Array.from({ length: 8 }, (_, i) => month(`2026-${String(8 - i).padStart(2, '0')}`, 70_000 + i * 500))

describe('the chart of the months', () => {
  it('shows the last half year from left to right', () => {
    const chart = toHistoryChart(year, 0, levels)!
    expect(chart.span).toBe('2026年3月至2026年8月')
    expect(chart.dots.map(({ label }) => label)).toEqual(['3月', '4月', '5月', '6月', '7月', '8月'])
    expect(chart.dots[0]!.x).toBeLessThan(chart.dots[5]!.x)
    expect(chart.spoken).toContain('3月 72.5 分，4月 72.0 分')
  })

  it('turns back to the months before', () => {
    expect(toHistoryChart(year, 6, levels)!.dots.map(({ label }) => label)).toEqual(['1月', '2月'])
    expect(toHistoryChart(year, 8, levels)).toBeNull()
  })

  it('does not make a tenth of a point look like a fall', () => {
    const chart = toHistoryChart([month('2026-02', 70_000), month('2026-01', 70_100)], 0, levels)!
    expect(chart.dots[0]!.y - chart.dots[1]!.y).toBeLessThan(1)
  })

  it('keeps every dot within the scale, at both ends of it', () => {
    for (const milli of [0, 500, 99_900, 100_000]) {
      const { dots, marks } = toHistoryChart([month('2026-01', milli)], 0, levels)!
      expect(dots[0]!.y).toBeGreaterThanOrEqual(0)
      expect(dots[0]!.y).toBeLessThanOrEqual(100)
      expect(marks.length).toBeGreaterThanOrEqual(2)
    }
  })

  it('names the levels whose beginning is in sight, and no other', () => {
    expect(toHistoryChart(year, 0, levels)!.legend).toBe('虚线：60 分起“信用良好”，80 分起“信用优秀”')
    expect(toHistoryChart([month('2026-01', 20_000)], 0, levels)!.legend).toBeNull()
  })
})

describe('the list of the months', () => {
  it('says how each differs from the one before, as the figures read', () => {
    const rows = toMonthRows([month('2026-03', 70_000), month('2026-02', 70_000), month('2026-01', 71_200)], levels)
    expect(rows.map(({ name, score, level, notes }) => [name, score, level, ...notes])).toEqual([
      ['2026年3月', '70.0 分', '信用良好', '和2月一样'],
      ['2026年2月', '70.0 分', '信用良好', '比1月少 1.2 分'],
      ['2026年1月', '71.2 分', '信用良好'],
    ])
  })

  it('names no level below the lowest, and tells of a new model', () => {
    const rows = toMonthRows([month('2026-02', 59_000, { level: null, model_version: '2026-02' }), month('2026-01', 58_000, { level: null })], levels)
    expect(rows[0]).toMatchObject({ level: null, notes: ['比1月多 1.0 分', '从这个月起，计分办法有更新'] })
  })
})
