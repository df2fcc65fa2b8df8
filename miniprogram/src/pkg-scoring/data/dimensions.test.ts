import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toChart, toDimensionRow } from './dimensions'

const line = (changes: Partial<Schema['Line']> = {}): Schema['Line'] => ({
  record_id: 'r1',
  indicator: { code: 'volunteer-hours', name: '志愿服务' },
  quantity: 20,
  unit: '小时',
  points: '2.0',
  points_milli: 2_000,
  source_unit: '市民政局',
  occurred_on: '2026-10-01',
  ends_on: null,
  legal_basis: '《志愿服务条例》',
  catalogue_item: '志愿服务',
  status: 'active',
  counted: true,
  not_counted: null,
  why: null,
  sentence: '2026年10月做志愿服务 20 小时，加 2 分，长期计分。',
  ...changes,
})
const dimension = (changes: Partial<Schema['Dimension']> = {}): Schema['Dimension'] => ({
  code: 'duty',
  name: '守法履约',
  points: '2.0',
  points_milli: 2_000,
  max_milli: 8_000,
  min_milli: -20_000,
  adjustments: [],
  lines: [line()],
  ...changes,
})

describe('the chart of the dimensions', () => {
  it('shows how much of what each can give is reached, and says so in one sentence', () => {
    const none = dimension({ code: 'service', name: '公益与荣誉', points: '0.0', points_milli: 0, max_milli: 20_000 })
    const chart = toChart([dimension(), none])
    expect(chart.zero).toBe(0)
    expect(chart.bars).toMatchObject([
      { name: '守法履约', points: '+2.0', most: '最多 8', isLoss: false, start: 0, width: 25 },
      { points: '0', most: '最多 20', width: 0 },
    ])
    expect(chart.spoken).toBe('五个方面的得分：守法履约 +2.0 分，最多可得 8 分；公益与荣誉 0 分，最多可得 20 分')
  })

  it('draws what was lost to the other side, and makes room for it only then', () => {
    const chart = toChart([dimension({ points: '-10.0', points_milli: -10_000 }), dimension()])
    expect(chart.zero).toBe(30)
    expect(chart.bars).toMatchObject([
      { points: '−10.0', isLoss: true, start: 15, width: 15 },
      { isLoss: false, start: 30, width: 18 },
    ])
  })

  it('lets a small part be seen', () => {
    expect(toChart([dimension({ points: '0.1', points_milli: 50 })]).bars[0]!.width).toBe(2)
  })
})

describe('the lines of a dimension', () => {
  it('tell day, source and points', () => {
    const row = toDimensionRow(dimension())
    expect(row).toMatchObject({ points: '+2.0', isGain: true, count: '1 条记录' })
    expect(row.lines).toEqual([
      {
        id: 'r1',
        name: '志愿服务 × 20 小时',
        note: '2026年10月1日 · 市民政局',
        points: '+2.0',
        isGain: true,
        remark: null,
        head: null,
      },
    ])
  })

  it('stand by kind, the newest first, with a head where there are several', () => {
    const other = { code: 'blood-donation', name: '无偿献血' }
    const lines = [
      line({ record_id: 'old', occurred_on: '2025-01-01' }),
      line({ record_id: 'blood', occurred_on: '2026-05-01', indicator: other, quantity: 1 }),
      line({ record_id: 'new', occurred_on: '2026-10-01' }),
    ]
    const rows = toDimensionRow(dimension({ lines })).lines
    expect(rows.map(({ id, head }) => [id, head])).toEqual([
      ['new', '志愿服务，共 2 条'],
      ['old', null],
      ['blood', null],
    ])
    expect(rows[0]).toMatchObject({ name: '2026年10月1日 × 20 小时', note: '市民政局' })
    expect(rows[2]!.name).toBe('无偿献血')
  })

  it('are quick to make from 300 records', () => {
    const lines = Array.from({ length: 300 }, (_, i) => line({ record_id: `r${i}`, occurred_on: `2026-01-${String((i % 28) + 1).padStart(2, '0')}` }))
    const start = performance.now()
    expect(toDimensionRow(dimension({ lines })).lines).toHaveLength(300)
    expect(performance.now() - start).toBeLessThan(100)
  })

  it('are not missed where there are none', () => {
    expect(toDimensionRow(dimension({ lines: [] })).count).toBe('还没有记录，不会因此扣分。')
  })

  it('are marked under objection, and say why they do not count', () => {
    const objected = line({ status: 'objected', counted: false, points: '0.0', points_milli: 0, why: '核实期间不计分' })
    expect(toDimensionRow(dimension({ lines: [objected] })).lines[0]!.remark).toBe('异议中 · 核实期间不计分')
  })
})
