import { expect, it } from 'vitest'
import { fileOf, orderOf } from './exports'

const reason = { purpose: '核对九月账目', format: 'xlsx' as const }

it('narrows the file as the list is on the page', () => {
  const filters = { from: '2026-09-01', to: '', state: 'redeemed', incentive_id: '', sort: 'oldest' }
  const order = orderOf('vouchers', reason, filters)
  expect(order).toEqual({ ...reason, list: 'vouchers', from: '2026-09-01', state: 'redeemed', sort: 'oldest' })
})

it('asks for the audit trail by its own calls', () => {
  expect(orderOf('audit-events', reason, { action: 'export.made' })).toEqual({ ...reason, action: 'export.made' })
  expect(fileOf('audit-events', 'a')).toBe('/api/v1/office/audit-exports/a/file')
})
