import { expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toVoucherView } from './voucher-detail'

const NOW = new Date('2026-11-29T04:00:00Z').getTime()
const view = (changes: Partial<Schema['Voucher']> = {}) =>
  toVoucherView(
    {
      id: 'v1',
      incentive_id: 'i1',
      state: 'issued',
      offer: { number: 1, title: '满五十元减五元', benefit: '满 50 元减 5 元', terms: ['限堂食。'] },
      issued_at: '2026-11-20T04:00:00Z',
      expires_at: '2026-12-30T16:00:00Z',
      ended_at: null,
      last_redeemed_at: null,
      uses: 1,
      uses_left: 1,
      ...changes,
    },
    NOW,
  )

it('can be given back while no use of it was made', () => {
  expect(view()).toMatchObject({ isOpen: true, canGiveBack: true, why: null, wasUsed: false })
  expect(view({ uses: 3, uses_left: 2 }).canGiveBack).toBe(false)
  expect(view({ uses: 3, uses_left: 3 }).canGiveBack).toBe(true)
  expect(view({ state: 'redeemed', uses_left: 0 }).canGiveBack).toBe(false)
})

it('names the last day it can be used', () => {
  expect(view().facts[0]!.value).toBe('到 2026年12月30日（含当天）')
})

it('is over once its time is, even before the service has said so', () => {
  const over = view({ expires_at: '2026-11-29T03:59:59Z' })
  expect(over).toMatchObject({ state: '已到期', isOpen: false, canGiveBack: false })
  expect(over.why).toContain('有效期内没有用')
})

it('tells what happened, the newest first', () => {
  expect(view().history).toEqual([{ name: '领取', when: '2026年11月20日 12:00' }])
  const used = { state: 'redeemed', uses_left: 0, last_redeemed_at: '2026-11-28T06:05:00Z', ended_at: '2026-11-28T06:05:00Z' }
  expect(view(used).history).toEqual([
    { name: '使用', when: '2026年11月28日 14:05' },
    { name: '领取', when: '2026年11月20日 12:00' },
  ])
  const partly = view({ uses: 3, uses_left: 1, last_redeemed_at: '2026-11-28T06:05:00Z' })
  expect(partly.history[0]!.name).toBe('最近一次使用（已用 2 次）')
  expect(partly.facts[1]).toEqual({ name: '次数', value: '共 3 次，还剩 1 次' })
  expect(view({ state: 'cancelled', ended_at: '2026-11-28T06:05:00Z' }).history[0]!.name).toBe('取消')
})
