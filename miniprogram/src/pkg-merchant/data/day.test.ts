import { describe, expect, it } from 'vitest'
import { dayBeside, toDoneRow, toTotals } from './day'

const NOW = Date.parse('2026-11-28T10:00:00Z')
const redemption = {
  id: 'r1',
  offer: { number: 1, title: '满五十元减五元', benefit: '满 50 元减 5 元', terms: [] },
  state: 'accepted',
  accepted_at: '2026-11-28T06:05:00Z',
  reversed_at: null,
  order_ref: 'A-17',
  amount_fen: 5850,
}

describe('what was honoured', () => {
  it('stands with its time, order number and amount, and can be undone', () => {
    expect(toDoneRow(redemption, NOW)).toEqual({
      id: 'r1', clock: '14:05', title: '满五十元减五元', note: '订单 A-17 · 58.50 元', isUndone: false, canUndo: true,
    })
  })

  it('cannot be undone after 24 hours, nor twice', () => {
    const old = { ...redemption, order_ref: null, amount_fen: null, accepted_at: '2026-11-27T10:00:00Z' }
    expect(toDoneRow(old, NOW)).toMatchObject({ canUndo: false, note: '' })
    const undone = { ...redemption, amount_fen: null, state: 'reversed', reversed_at: '2026-11-28T07:00:00Z' }
    expect(toDoneRow(undone, NOW)).toMatchObject({ canUndo: false, isUndone: true, note: '订单 A-17 · 15:00 撤销' })
  })
})

it('sums up a day, offer by offer', () => {
  const offers = [
    { number: 1, title: '满五十元减五元', accepted: 3, reversed: 1, amount_fen: 12000 },
    { number: 2, title: '家电先用后付', accepted: 1, reversed: 0, amount_fen: 0 },
  ]
  const totals = toTotals({ on: '2026-11-28', accepted: 4, reversed: 1, amount_fen: 12000, offers })
  expect(totals).toMatchObject({ accepted: '4 次', reversed: '1 次', amount: '120 元' })
  expect(totals.offers.map(({ note }) => note)).toEqual(['3 次 · 撤销 1 次 · 120 元', '1 次'])
})

it('goes from day to day over the ends of months', () => {
  expect(dayBeside('2026-03-01', -1)).toBe('2026-02-28')
  expect(dayBeside('2026-12-31', 1)).toBe('2027-01-01')
})
