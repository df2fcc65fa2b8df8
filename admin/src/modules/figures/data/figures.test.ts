import { expect, it } from 'vitest'
import { coverage, daysOf, mostUsed, residentsByDay, totals, type Figures } from './figures'

const day = { day: '2026-11-01', claims: 3, redemptions: 2, amount_fen: 500, residents: 10, scored: 8, active: 4 }
const district = { district: '420202', residents: 10, scored: 8, active: 4, claims: 3, redemptions: 2, amount_fen: 500 }
const figures: Figures = {
  from: '2026-11-01',
  to: '2026-11-02',
  counted_at: null,
  target_percent: 70,
  decided_within: 5,
  permanent_residents: null,
  days: [day, { ...day, day: '2026-11-02', residents: null, scored: null, active: null }],
  districts: [district, { ...district, district: '', residents: 0, scored: 0, active: 0 }],
  incentives: [{ incentive_id: 'a', title: '免押金', unit_name: null, claims: 1, redemptions: 2, amount_fen: 0 }],
  waiting: { unit_applications: { count: 0, overdue: 0 }, incentive_drafts: { count: 2, overdue: 1 }, reports: { count: 0, overdue: 0 }, sources: null },
  idle_units: { count: 0, items: [] },
}

it('asks for whole days of China', () => {
  const lateInLondon = Date.parse('2026-11-02T17:00:00Z')
  expect(daysOf({ range: '7', from: '', to: '', district: '' }, lateInLondon)).toEqual({ from: '2026-10-28', to: '2026-11-03' })
  expect(daysOf({ range: 'own', from: '2026-01-01', to: '', district: '' })).toEqual({ from: '2026-01-01', to: undefined })
})

it('adds up over the districts', () => {
  expect(totals(figures)).toEqual({ residents: 10, scored: 8, active: 4, claims: 6, redemptions: 4, amountFen: 1000 })
})

it('leaves out days on which nobody counted residents', () => {
  expect(residentsByDay(figures).labels).toEqual(['2026-11-01'])
})

it('names an incentive without a unit by its title alone', () => {
  expect(mostUsed(figures).labels).toEqual(['免押金'])
})

it('covers the districts whose residents are known, and says nothing when none are', () => {
  expect(coverage(figures)).toBeNull()
  const known = { source: '统计公报', as_of: '2020-11-01', by_district: { '420202': 40 } }
  expect(coverage({ ...figures, permanent_residents: known })).toEqual([{ district: '420202', permanent: 40, scored: 8 }])
})
