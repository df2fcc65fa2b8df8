import { describe, expect, it, vi } from 'vitest'
import type { Schema } from '@/api'
import { allPages, type Collected } from './collecting'
import { toText } from './export-text'
import { toLookRow } from './looks'

const NOW = new Date('2026-11-29T06:05:00Z').getTime()
const city = { name: '黄石市', levels: [{ code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 }] }
const look = {
  looked_by: '便民超市（黄石港店）',
  occurred_at: '2026-11-28T16:30:00Z',
  purpose: '核验能否享受“满五十元减五元”',
  shown: '可以享受',
}
const line: Schema['Line'] = {
  catalogue_item: '',
  counted: true,
  ends_on: '2027-06-01',
  indicator: { code: 'volunteer', name: '志愿服务' },
  legal_basis: '《志愿服务条例》',
  not_counted: null,
  occurred_on: '2026-06-01',
  points: '3.0',
  points_milli: 3_000,
  quantity: 12,
  record_id: 'r1',
  source_unit: '市文明办',
  status: 'active',
  unit: '小时',
  why: null,
  sentence: '2026年6月做志愿服务 12 小时，现在加 3 分，以后慢慢减少，2027年6月1日起不再计分。',
}
const collected = (changes: Partial<Collected> = {}): Collected => ({
  resident: { id: 'x', bound: true, masked_name: '李*花' },
  phone: null,
  consents: [],
  score: null,
  months: [],
  vouchers: [],
  looks: [],
  notices: [],
  ...changes,
})

it('tells a look with the day and year in China', () => {
  expect(toLookRow(look)).toEqual({
    who: '便民超市（黄石港店）',
    when: '2026年11月29日 00:30',
    why: '核验能否享受“满五十元减五元”',
    what: '可以享受',
  })
})

it('follows a list to its end', async () => {
  const fetch = vi
    .fn()
    .mockResolvedValueOnce({ items: [1, 2], next_cursor: 'c' })
    .mockResolvedValueOnce({ items: [3], next_cursor: null })
  expect(await allPages(fetch)).toEqual([1, 2, 3])
  expect(fetch.mock.calls).toEqual([[undefined], ['c']])
})

describe('the text of my data', () => {
  it('says of each part that there is nothing, when there is nothing', () => {
    const text = toText(collected(), city, NOW)
    expect(text).toContain('整理时间：2026年11月29日 14:05（北京时间）')
    expect(text).toContain('姓名：李*花\n手机号：没有')
    expect(text).toContain('【信用分】\n现在没有信用分')
    expect(text).toContain('【券】\n没有')
  })

  it('names the source, date, end and basis of every line, and that the model is an example', () => {
    const score: Schema['Score'] = {
      adjustments: [],
      as_of: '2026-11-29',
      base: '60.0',
      base_milli: 60_000,
      reasons: [],
      dimensions: [
        {
          adjustments: [],
          code: 'civic',
          lines: [line],
          max_milli: 20_000,
          min_milli: 0,
          name: '公益',
          points: '3.0',
          points_milli: 3_000,
        },
      ],
      level: { code: 'good', name: '信用良好' },
      model: { example: true, version: '1' },
      next_level: null,
      score: '63.0',
      score_milli: 63_000,
    }
    expect(toText(collected({ score }), city, NOW).split('\n')).toEqual(
      expect.arrayContaining([
        '截至2026年11月29日：63.0 分（信用良好）',
        '按示例模型计算，并非正式结果',
        '公益：3.0 分',
        '  · 志愿服务 × 12小时：3.0 分，来源 市文明办，发生 2026年6月1日，2027年6月1日起不再计分，依据 《志愿服务条例》',
      ]),
    )
  })

  it('names the level of each month as people know it', () => {
    const months = [
      { month: '2026-11', score: '63.0', score_milli: 63_000, level: 'good', model_version: '1' },
      { month: '2026-10', score: '58.0', score_milli: 58_000, level: null, model_version: '1' },
    ]
    expect(toText(collected({ months }), city, NOW)).toContain('2026-11：63.0 分（信用良好）\n2026-10：58.0 分\n')
  })

  it('lists who looked, and what was decided when', () => {
    const consent: Schema['Consent'] = {
      purpose: 'scoring',
      version: '2026-01',
      title: '同意计算个人信用分',
      text: '',
      text_sha256: '',
      required_for: '',
      withdrawal: '',
      given_at: '2026-11-28T04:00:00Z',
      given_version: '2026-01',
      declined_at: null,
      withdrawn_at: null,
    }
    const text = toText(collected({ looks: [look], consents: [consent] }), city, NOW)
    expect(text).toContain('同意计算个人信用分：2026年11月28日 12:00 同意（版本 2026-01）')
    expect(text).toContain(
      '2026年11月29日 00:30：便民超市（黄石港店），核验能否享受“满五十元减五元”，看到：可以享受',
    )
  })
})
