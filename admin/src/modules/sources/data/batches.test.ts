import { expect, it } from 'vitest'
import { changedCells, openRows, percentOf, type Batch } from './batches'
import { refusalOf, toRows, type Source } from './sources'

const batch = (fields: Partial<Batch>) => fields as Batch
const source = (key: string, alerts: Source['alerts']) => ({ key, alerts }) as Source

it('sends only the cells that were typed anew', () => {
  const before = { id_number: '', indicator: '步行', key: 'A-1' }
  expect(changedCells(before, { id_number: '', indicator: '无偿献血 ', key: 'A-1', quantity: '' })).toEqual({ indicator: '无偿献血 ' })
})

it('counts the rows that are still to be mended', () => {
  expect(openRows(batch({ refused_rows: 12, mended_rows: 5 }))).toBe(7)
})

it('knows how far a batch has come only when it knows how many rows there are', () => {
  expect(percentOf(batch({ rows_read: 10, rows_total: null }))).toBe(0)
  expect(percentOf(batch({ rows_read: 999, rows_total: 1000 }))).toBe(99)
})

it('puts the sources first that somebody should ask about, and last those never connected', () => {
  const rows = toRows([source('new', ['never']), source('fine', []), source('late', ['late'])])
  expect(rows.map(({ key }) => key)).toEqual(['late', 'fine', 'new'])
})

it('says nothing of refusals where nothing was delivered', () => {
  expect(refusalOf({ refusal_permille: null } as Source)).toBe('—')
  expect(refusalOf({ refusal_permille: 15 } as Source)).toBe('1.5%')
})
