import { expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toVoucherRow } from './voucher-rows'
import { takeWantedGroup, wantGroup } from './wanted-group'

const NOW = new Date('2026-11-29T04:00:00Z').getTime()
const voucher = (changes: Partial<Schema['Voucher']> = {}): Schema['Voucher'] => ({
  id: 'v1',
  incentive_id: 'i1',
  state: 'issued',
  offer: { number: 1, title: '满五十元减五元', benefit: '满 50 元减 5 元', terms: [] },
  issued_at: '2026-11-20T04:00:00Z',
  expires_at: '2026-12-30T16:00:00Z',
  ended_at: null,
  last_redeemed_at: null,
  uses: 1,
  uses_left: 1,
  ...changes,
})

it('shows a voucher that can be used, with its last day in China', () => {
  expect(toVoucherRow(voucher(), NOW)).toMatchObject({ note: '可以用到 2026年12月30日', canShow: true, endsSoon: false, left: null })
})

it('warns of a voucher that ends soon, and counts the uses of one with several', () => {
  const row = toVoucherRow(voucher({ expires_at: '2026-11-30T15:59:59Z', uses: 3, uses_left: 2 }), NOW)
  expect(row).toMatchObject({ endsSoon: true, left: '还可用 2 次，共 3 次' })
})

it('shows no code for a voucher that is over, even before the service has said so', () => {
  expect(toVoucherRow(voucher({ expires_at: '2026-11-29T03:59:59Z' }), NOW).canShow).toBe(false)
  const used = voucher({ state: 'redeemed', last_redeemed_at: '2026-11-28T06:05:00Z', uses_left: 0 })
  expect(toVoucherRow(used, NOW)).toMatchObject({ canShow: false, note: '11月28日 14:05 使用' })
  const ended = voucher({ state: 'cancelled', ended_at: '2026-11-28T06:05:00Z' })
  expect(toVoucherRow(ended, NOW).note).toBe('已取消 · 2026年11月28日结束')
  const expired = voucher({ state: 'expired', ended_at: '2026-12-30T16:00:20Z' })
  expect(toVoucherRow(expired, NOW).note).toBe('已到期 · 2026年12月30日结束')
})

it('says in words why a voucher is over, and nothing where it was simply used', () => {
  const why = (state: string) => toVoucherRow(voucher({ state }), NOW).why
  expect(why('expired')).toContain('有效期内没有用')
  expect(why('cancelled')).toContain('退回')
  expect([why('issued'), why('redeemed')]).toEqual([null, null])
})

it('shows the group somebody asked for once', () => {
  wantGroup('used')
  expect([takeWantedGroup(), takeWantedGroup()]).toEqual(['used', null])
})
