import { expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toDimensionRow } from './dimensions'

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

it('shows how much of a dimension is reached, and every line with source, date, end and basis', () => {
  const row = toDimensionRow(dimension())
  expect(row).toMatchObject({ points: '+2.0', percent: 25, isLoss: false, range: '+2.0 分，最多 8 分', count: '1 条记录' })
  expect(row.lines[0]).toMatchObject({ name: '志愿服务 × 20小时', points: '+2.0', isGain: true, remark: null })
  expect(row.lines[0]!.facts.map(({ value }) => value)).toEqual(['市民政局', '2026年10月1日', '长期有效', '《志愿服务条例》'])
})

it('shows a loss as one, against the most that can be lost', () => {
  const row = toDimensionRow(dimension({ points: '-5.0', points_milli: -5_000, lines: [] }))
  expect(row).toMatchObject({ points: '−5.0', percent: 25, isLoss: true, count: '这一方面还没有记录，不会因此扣分。' })
})

it('marks a line under objection and says why it does not count', () => {
  const objected = line({ status: 'objected', counted: false, points: '0.0', points_milli: 0, why: '核实期间不计分' })
  expect(toDimensionRow(dimension({ lines: [objected] })).lines[0]!.remark).toBe('异议中 · 核实期间不计分')
})
