import { expect, it } from 'vitest'
import { canUndo, isWorking, percentOf, type SheetImport } from './sheets'

const sheet = (facts: Partial<SheetImport>) => facts as SheetImport

it('says how far a job has come only when it knows how long the way is', () => {
  expect(percentOf(sheet({ rows_read: 0, rows_total: null }))).toBeNull()
  expect(percentOf(sheet({ rows_read: 1, rows_total: 3 }))).toBe(33)
  expect(percentOf(sheet({ rows_read: 3, rows_total: 3 }))).toBe(100)
})

it('offers to take back only drafts that were made, and when no job is at them', () => {
  expect(canUndo(sheet({ state: 'imported', drafts_made: 2 }))).toBe(true)
  expect(canUndo(sheet({ state: 'cancelled', drafts_made: 2 }))).toBe(true)
  expect(canUndo(sheet({ state: 'imported', drafts_made: 0 }))).toBe(false)
  expect(canUndo(sheet({ state: 'importing', drafts_made: 2 }))).toBe(false)
})

it('asks again as long as a job is at it', () => {
  expect(['checking', 'importing', 'undoing', 'checked', 'failed'].map((state) => isWorking(sheet({ state })))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})
