import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { earliest, matching, today, toReportRow } from './reports'

const REPORT: Schema['Report'] = {
  id: 'r1',
  incentive: { id: 'i1', title: '借书免押金' },
  shop: { id: 's1', name: '磁湖书店' },
  reason: 'refused',
  reason_name: '店里说不认这个优惠',
  text: null,
  happened_on: null,
  state: 'open',
  made_at: '2026-11-29T04:10:00Z',
  due_on: '2026-12-02',
  answer: null,
  answered_at: null,
  outcome: null,
  note: null,
  closed_at: null,
}

describe('a report in the list', () => {
  it('says until when the unit answers', () => {
    const row = toReportRow({ ...REPORT, happened_on: '2026-11-28' })
    expect(row.facts).toEqual(['11月29日 12:10 反映', '2026年11月28日到店', '单位最晚 12月2日答复'])
    expect([row.state, row.isOver, row.said]).toEqual(['等单位答复', false, []])
  })

  it('tells what the unit and the office said', () => {
    const row = toReportRow({ ...REPORT, state: 'closed', text: '三号柜台', answer: '已培训店员', outcome: 'settled', note: '已回访' })
    expect(row.said).toEqual([
      { title: '您写的', text: '三号柜台' },
      { title: '单位的答复', text: '已培训店员' },
      { title: '信用办的结论', text: '已经解决。已回访' },
    ])
    expect([row.state, row.isOver, row.facts]).toEqual(['已办结', true, ['11月29日 12:10 反映']])
  })
})

it('finds a shop by its name or its street', () => {
  const shops = [
    { value: '1', text: '磁湖书店', note: '湖滨路' },
    { value: '2', text: '团城山店', note: '桂林路' },
  ]
  expect(matching(shops, ' 桂林').map(({ value }) => value)).toEqual(['2'])
  expect(matching(shops, '')).toHaveLength(2)
})

it('offers the days the service takes', () => {
  const now = Date.parse('2026-11-29T17:00:00Z')
  expect([earliest(now), today(now)]).toEqual(['2026-09-01', '2026-11-30'])
})
