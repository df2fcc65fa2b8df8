import { expect, it } from 'vitest'
import { detailsOf } from './events'

it('tells what belongs to an event, name by name', () => {
  expect(detailsOf({ case_number: '2026-1', roles: ['reviewer'], version: 2 })).toBe('case_number=2026-1  roles=["reviewer"]  version=2')
  expect(detailsOf({})).toBe('')
})
