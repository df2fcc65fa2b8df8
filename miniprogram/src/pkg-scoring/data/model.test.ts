import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { daysInWords, searched, toModelView } from './model'

const indicator = (changes: Partial<Schema['PublicIndicator']> = {}): Schema['PublicIndicator'] => ({
  code: 'blood-donation',
  name: '无偿献血',
  unit: '次',
  points: '1.5',
  points_milli: 1_500,
  cap: '9.0',
  cap_milli: 9_000,
  decay: 'linear',
  valid_days: 1_095,
  while_objected: 'keep',
  positive_action: '可以参加无偿献血',
  source_unit: '市血站',
  legal_basis: '《中华人民共和国献血法》',
  catalogue_item: '诚实守信相关荣誉信息',
  ...changes,
})
const penalty = indicator({
  code: 'penalty',
  name: '行政处罚',
  points: '-2.0',
  points_milli: -2_000,
  cap: '6.0',
  cap_milli: 6_000,
  decay: 'none',
  valid_days: 365,
  while_objected: 'exclude',
  positive_action: null,
  source_unit: '作出处罚的机关',
})
const model: Schema['PublicScoreModel'] = {
  version: '2026-01',
  effective_on: '2026-01-01',
  in_force: true,
  example: true,
  source: '示例',
  notes: ['说明'],
  base: '60.0',
  base_milli: 60_000,
  floor: '0.0',
  floor_milli: 0,
  ceiling: '100.0',
  ceiling_milli: 100_000,
  levels: [{ code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 }],
  dimensions: [
    { code: 'service', name: '公益', description: '', min: '0.0', min_milli: 0, max: '20.0', max_milli: 20_000, indicators: [indicator()] },
    { code: 'law', name: '守法', description: '', min: '-30.0', min_milli: -30_000, max: '10.0', max_milli: 10_000, indicators: [penalty] },
  ],
  not_scored: ['收入'],
  objection: '请到信用办',
  versions: [
    { version: '2027-01', effective_on: '2027-01-01' },
    { version: '2026-01', effective_on: '2026-01-01' },
  ],
}

describe('the model', () => {
  it('says where everybody starts, how far it goes, and since when', () => {
    const view = toModelView(model)
    expect(view.range).toContain('从 60 分开始')
    expect(view.range).toContain('最高 100 分，最低 0 分')
    expect(view.starts).toBe('现在用的这一版，从2026年1月1日起执行')
    expect(toModelView({ ...model, in_force: false }).starts).toBe('从2026年1月1日起执行的一版')
    expect(view.levels).toEqual([{ name: '信用良好', value: '60 分起' }])
  })

  it('draws how far each dimension can move a score, all to one scale', () => {
    const { shares, zero, spoken } = toModelView(model)
    expect(zero).toBe(60)
    expect(shares).toEqual([
      { code: 'service', name: '公益', most: '最多加 20 分，从不减分', gain: 40, loss: 0 },
      { code: 'law', name: '守法', most: '最多加 10 分，最多减 30 分', gain: 20, loss: 60 },
    ])
    expect(spoken).toContain('守法最多加 10 分，最多减 30 分')
  })

  it('tells each rule in a sentence', () => {
    const [gain, loss] = toModelView(model).groups.map(({ rules }) => rules[0]!)
    expect(gain).toMatchObject({ points: '+1.5 分 / 次', isGain: true })
    expect(gain!.sentence).toBe('每一次加 1.5 分，这一项最多加 9 分。分数会慢慢变少，满 3 年就不再计分。')
    expect(loss!.sentence).toBe('每一次减 2 分，这一项最多减 6 分，满 1 年就不再计分。')
    const endless = indicator({ decay: 'none', valid_days: null })
    const view = toModelView({ ...model, dimensions: [{ ...model.dimensions[0]!, indicators: [endless] }] })
    expect(view.groups[0]!.rules[0]!.sentence).toBe('每一次加 1.5 分，这一项最多加 9 分，长期有效。')
  })

  it('names source, law and catalogue of each, and what to do where one can', () => {
    const [gain, loss] = toModelView(model).groups.map(({ rules }) => rules[0]!.facts.map(({ value }) => value))
    expect(gain).toEqual(['可以参加无偿献血', '市血站', '《中华人民共和国献血法》', '诚实守信相关荣誉信息', '核实期间照常计分'])
    expect(loss).toEqual(['作出处罚的机关', '《中华人民共和国献血法》', '诚实守信相关荣誉信息', '核实期间先不计分'])
  })

  it('leads to the other versions', () => {
    expect(toModelView(model).others).toEqual([{ version: '2027-01', title: '从2027年1月1日起执行的一版' }])
  })
})

describe('a search', () => {
  const found = (typed: string) => searched(toModelView(model).groups, typed).flatMap(({ rules }) => rules.map(({ name }) => name))

  it('finds a rule by its name, its source, its law and its dimension', () => {
    expect([found('献血 血站'), found('处罚的机关'), found('守法')]).toEqual([['无偿献血'], ['行政处罚'], ['行政处罚']])
    expect(found('献血法')).toHaveLength(2)
  })

  it('finds nothing where nothing is', () => {
    expect(found('收入')).toEqual([])
  })
})

it.each([
  [365, '1 年'],
  [730, '2 年'],
  [1_095, '3 年'],
  [1_461, '4 年'],
  [1_826, '5 年'],
  [1, '1 天'],
  [180, '180 天'],
  [400, '400 天'],
])('says %i days as %s', (days, said) => {
  expect(daysInWords(days)).toBe(said)
})
