import { describe, expect, it } from 'vitest'
import { toDetailView, type Detail } from './incentive-detail'

const city = {
  levels: [{ code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 }],
  districts: [{ key: '420281', code: '420281', name: '大冶市', centre: { lat: 30, lng: 115 } }],
  categories: [{ code: 'dining_shopping', name: '餐饮购物' }],
}
const detail = (changes: Partial<Detail> = {}): Detail => ({
  id: 'i1',
  number: 1,
  title: '湖景双人早餐',
  benefit: '免双人早餐费',
  benefit_kind: 'fee_waived',
  category: 'dining_shopping',
  claimable: true,
  contact: null,
  cost_bearer: 'unit',
  days: ['sat', 'sun'],
  hours: '07:00-10:00',
  distance_m: null,
  districts: [],
  example: true,
  form: 'voucher',
  has_return: false,
  limit: { period: 'month', times: 1 },
  needs: { level: 'good', score: '60.0', score_milli: 60_000 },
  needs_match: false,
  offline: false,
  remaining: 4,
  shops: [],
  source: null,
  summary: '',
  terms: ['提前一天预约。'],
  unavailable_reason: null,
  unit_id: null,
  unit_name: '示例·湖景酒店',
  uses: 1,
  valid_from: '2026-01-01',
  valid_until: '2027-12-31',
  voucher_days: 30,
  eligible: true,
  missing: null,
  remaining_for_me: 1,
  ...changes,
})
const view = (changes: Partial<Detail> = {}, isResident = true) => toDetailView(detail(changes), city, isResident)
const lacking = (kind: string, points: string | null = null) =>
  view({ eligible: false, missing: { kind, points, points_milli: null } }).next

describe('an incentive', () => {
  it('tells condition, dates, hours and limit in plain words', () => {
    expect(view().facts).toEqual([
      { name: '条件', value: '信用良好' },
      { name: '有效期', value: '2026年1月1日至2027年12月31日，领取后 30 天内使用' },
      { name: '可用时间', value: '周六、周日 07:00-10:00' },
      { name: '次数', value: '每月可领 1 张' },
      { name: '剩余', value: '4 张' },
      { name: '区域', value: '全市' },
      { name: '类别', value: '餐饮购物' },
      { name: '提供单位', value: '示例·湖景酒店' },
    ])
  })

  it('leads to its unit, names its districts and that something is to be given back', () => {
    const { unit, facts } = view({ unit_id: 'u1', districts: ['420281'], has_return: true })
    expect(unit).toEqual({ id: 'u1', name: '示例·湖景酒店' })
    expect(facts).toEqual(expect.arrayContaining([{ name: '归还', value: '用完按约定归还' }, { name: '区域', value: '大冶市' }]))
    expect(facts.map(({ name }) => name)).not.toContain('提供单位')
  })

  it('says where it was published, and when', () => {
    const source = { name: '《黄石日报》', note: null, published_on: '2022-07-01' }
    expect(view({ source }).facts).toContainEqual({ name: '来源', value: '《黄石日报》，2022年7月1日公布' })
  })

  it('names the district of a shop where its address does not', () => {
    const shop = { id: 's1', name: '总店', district: '420281', latitude: 30, longitude: 115, distance_m: null, phone: null, hours: '9–21' }
    expect(view({ shops: [{ ...shop, address: '湖滨路 1 号' }] }).shops[0]!.address).toBe('大冶市湖滨路 1 号')
    expect(view({ shops: [{ ...shop, address: '大冶市湖滨路 1 号' }] }).shops[0]!.address).toBe('大冶市湖滨路 1 号')
  })

  it('says of a shop what it has told', () => {
    const shop = { id: 's1', name: '总店', address: '湖滨路', district: '420281', distance_m: null, phone: null, hours: '9–21' }
    const { notes, place } = view({ shops: [{ ...shop, latitude: null, longitude: null }] }).shops[0]!
    expect([notes, place]).toEqual([['营业时间：9–21'], null])
  })

  it('says beforehand that two digits will be asked for', () => {
    expect(view({ needs_match: true }).terms).toHaveLength(2)
  })
})

describe('the next step', () => {
  it('is to claim a voucher, and to show the code of a standing entitlement', () => {
    expect(view().next).toEqual({ kind: 'claim' })
    expect(view({ form: 'standing', remaining: null }).next).toEqual({ kind: 'show' })
  })

  it('is to look at my vouchers when I have claimed as many as I may', () => {
    expect(view({ remaining_for_me: 0 }).next).toEqual({ kind: 'claimed' })
  })

  it('leads a guest to signing in, and a resident to what is missing', () => {
    expect(view({}, false).next).toEqual({ kind: 'guest' })
    expect(lacking('identity')).toEqual({ kind: 'identity' })
    expect(lacking('consent')).toEqual({ kind: 'consent' })
    expect(lacking('points', '5.8')).toEqual({ kind: 'points', text: '还差 5.8 分，看怎样补上' })
    expect(lacking('score')).toEqual({ kind: 'closed', text: '暂时没有信用分' })
  })

  it('is closed where nothing is left, for all or for me, or where it is for information', () => {
    expect(view({ remaining: 0 }).next).toEqual({ kind: 'closed', text: '已经领完' })
    expect(view({ form: 'standing', remaining: null, remaining_for_me: 0 }).next).toMatchObject({ kind: 'closed' })
    expect(view({ claimable: false, unavailable_reason: '原文未写明单位' }).next).toMatchObject({ text: '原文未写明单位' })
  })
})
