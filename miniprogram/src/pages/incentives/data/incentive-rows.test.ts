import { describe, expect, it } from 'vitest'
import { distanceInWords, toIncentiveRow, type Incentive } from './incentive-rows'

const levels = [{ code: 'excellent', name: '信用优秀', from: '80.0', from_milli: 80_000 }]
const incentive = (changes: Partial<Incentive> = {}): Incentive => ({
  id: 'i1',
  number: 2309,
  title: '湖景双人早餐',
  benefit: '免双人早餐费',
  benefit_kind: 'fee_waived',
  category: 'dining_shopping',
  claimable: true,
  distance_m: null,
  districts: [],
  example: true,
  form: 'voucher',
  needs: { level: 'excellent', score: '80.0', score_milli: 80_000 },
  remaining: 4,
  summary: '',
  unavailable_reason: null,
  unit_id: null,
  unit_name: null,
  valid_from: '2026-01-01',
  valid_until: '2027-12-31',
  ...changes,
})
const row = (changes: Partial<Incentive> = {}) => toIncentiveRow(incentive(changes), levels)

describe('a row of the catalogue', () => {
  it('tells a guest from which level on it is open', () => {
    expect(row()).toMatchObject({ state: '信用优秀 可享受', isOpen: false, left: '剩 4 张', unit: '' })
    expect(row({ needs: { level: null, score: '72.0', score_milli: 72_000 } }).state).toBe('72 分起 可享受')
  })

  it('tells a resident that it is open, or how many points are missing', () => {
    expect(row({ eligible: true, missing: null })).toMatchObject({ state: '可享受', isOpen: true })
    const missing = { kind: 'points', points: '5.8', points_milli: 5_850 }
    expect(row({ eligible: false, missing })).toMatchObject({ state: '还差 5.8 分', isOpen: false })
  })

  it('tells somebody who has not agreed what it takes, not what they lack', () => {
    const missing = { kind: 'consent', points: null, points_milli: null }
    expect(row({ eligible: false, missing }).state).toBe('信用优秀 可享受')
  })

  it('does not shine when all are taken, and shows what is for information only', () => {
    expect(row({ eligible: true, remaining: 0 })).toMatchObject({ isOpen: false, left: '已领完' })
    expect(row({ claimable: false, remaining: 0 })).toMatchObject({ state: '仅作介绍', left: null })
    expect(row({ form: 'standing', remaining: null })).toMatchObject({ isVoucher: false, left: null })
  })
})

it('tells a distance as people say it', () => {
  expect([20, 840, 1_240, 23_400].map(distanceInWords)).toEqual(['50 米', '850 米', '1.2 公里', '23 公里'])
  expect(row({ distance_m: 840 }).distance).toBe('850 米')
  expect(row().distance).toBeNull()
})
