import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toOfficeFacts, toRecordView } from './record'

const line = (changes: Partial<Schema['Line']> = {}): Schema['Line'] => ({
  record_id: 'r1',
  indicator: { code: 'penalty', name: '行政处罚' },
  quantity: 1,
  unit: '次',
  points: '-3.6',
  points_milli: -3_630,
  source_unit: '市市场监督管理局',
  occurred_on: '2026-01-01',
  ends_on: '2027-03-12',
  legal_basis: '《中华人民共和国行政处罚法》',
  catalogue_item: '行政管理信息',
  status: 'active',
  counted: true,
  not_counted: null,
  why: null,
  sentence: '2026年1月有 1 条行政处罚记录，现在减 3.6 分。',
  ...changes,
})
const view = (changes: Partial<Schema['Line']> = {}) => {
  const dimensions = [{ name: '行政管理', lines: [line(changes)] }]
  return toRecordView({ dimensions } as unknown as Schema['Score'], 'r1')!
}

describe('a record', () => {
  it('tells what, when, by whom and on what basis', () => {
    expect(view()).toMatchObject({ name: '行政处罚', points: '−3.6 分', isGain: false })
    expect(view().facts.map(({ value }) => value)).toEqual([
      '行政管理',
      '行政处罚',
      '1 次',
      '2026年1月1日',
      '2027年3月12日',
      '市市场监督管理局',
      '《中华人民共和国行政处罚法》',
      '行政管理信息',
      '正在计分',
    ])
  })

  it('tells itself in the sentence the service has for it', () => {
    expect(view().sentence).toBe('2026年1月有 1 条行政处罚记录，现在减 3.6 分。')
  })

  it('is marked where it is disputed', () => {
    expect(view({ status: 'objected' }).facts.slice(-1)[0]!.value).toBe('异议中')
  })

  it('may be gone', () => {
    expect(toRecordView({ dimensions: [] } as unknown as Schema['Score'], 'r1')).toBeNull()
  })
})

it('names only those ways to the office that the city has published', () => {
  const city = { office: '市信用办', contact: { phone: null, email: null, address: '团城山' } } as Schema['City']
  expect(toOfficeFacts(city)).toEqual([
    { name: '找谁', value: '市信用办' },
    { name: '地址', value: '团城山' },
  ])
})
