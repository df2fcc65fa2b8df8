import { expect, it, vi } from 'vitest'
import { useOutcome } from './outcome'
import type { ShownOffer } from './showing'

vi.mock('@/platform/feedback', () => ({ signalGood: vi.fn() }))

const NOW = Date.parse('2026-11-29T04:00:00Z')
const offer = (changes: Partial<ShownOffer> = {}): ShownOffer => ({
  offer: { title: '满五十元减五元', benefit: '', terms: [] },
  incentiveId: 'i1',
  over: null,
  usesLeft: 2,
  lastUsedAt: null,
  ...changes,
})
const USED_UP = { kind: 'used', title: '已使用', text: '' } as const

it('goes on waiting while nothing has happened', () => {
  const { begin, follow, usedAt, over } = useOutcome()
  begin(offer())
  expect(follow(offer(), NOW)).toBe(false)
  expect([usedAt.value, over.value]).toEqual([null, null])
})

it('tells a use, when it was, and how many are left', () => {
  const { begin, follow, usedAt, usesLeft } = useOutcome()
  begin(offer())
  expect(follow(offer({ usesLeft: 1, lastUsedAt: '2026-11-29T03:59:58Z' }), NOW)).toBe(true)
  expect([usedAt.value, usesLeft.value]).toEqual(['2026-11-29T03:59:58Z', 1])
})

it('takes the time of an entitlement from the clock, and counts none as left when that was the last', () => {
  const { begin, follow, usedAt, usesLeft, over } = useOutcome()
  begin(offer({ usesLeft: 1 }))
  expect(follow(offer({ usesLeft: 0, over: USED_UP }), NOW)).toBe(true)
  expect([usedAt.value, usesLeft.value]).toEqual(['2026-11-29T04:00:00.000Z', 0])
  expect(over.value).toBeNull()
})

it('is over without a use when the voucher was ended elsewhere', () => {
  const { begin, follow, usedAt, over } = useOutcome()
  begin(offer())
  const ended = { kind: 'ended', title: '已取消', text: '' } as const
  expect(follow(offer({ over: ended }), NOW)).toBe(true)
  expect([usedAt.value, over.value]).toEqual([null, ended])
})

it('begins anew with what is left then', () => {
  const { begin, follow, startAnew, usedAt } = useOutcome()
  begin(offer())
  follow(offer({ usesLeft: 1 }), NOW)
  startAnew()
  begin(offer({ usesLeft: 1 }))
  expect(follow(offer({ usesLeft: 1 }), NOW)).toBe(false)
  expect(usedAt.value).toBeNull()
})
