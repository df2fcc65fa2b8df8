import { expect, it } from 'vitest'
import { orderOf } from './exports'
import { plainFilters } from './lists'

it('orders a list as it is narrowed on the page', () => {
  expect(orderOf('vouchers', '核对', { ...plainFilters, from: '2026-11-01', state: 'issued' })).toEqual({
    list: 'vouchers',
    purpose: '核对',
    from: '2026-11-01',
    to: null,
    state: 'issued',
    incentive_id: null,
    sort: 'newest',
  })
})
