import { expect, it } from 'vitest'
import { exporterOf, orderOf } from './exports'

const reason = { purpose: '核对九月账目', format: 'xlsx' as const }

it('narrows the file as the list is on the page', () => {
  const filters = { from: '2026-09-01', to: '', state: 'redeemed', incentive_id: '', sort: 'oldest' }
  const order = orderOf('vouchers', reason, filters)
  expect(order).toEqual({ ...reason, list: 'vouchers', from: '2026-09-01', state: 'redeemed', sort: 'oldest' })
})

it('asks for the audit trail by its own calls', () => {
  const order = orderOf('audit-events', reason, { action: 'export.made', account_id: 'b' })
  expect(order).toEqual({ ...reason, action: 'export.made', colleague_id: 'b' })
  expect(exporterOf('audit-events', {}).fileOf('a')).toBe('/api/v1/office/audit-exports/a/file')
})
