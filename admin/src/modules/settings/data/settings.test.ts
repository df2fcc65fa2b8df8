import { expect, it } from 'vitest'
import { told, typed } from './settings'

it('takes digits for a number, and leaves what is none to the service to refuse', () => {
  expect([typed('number', ' 7 '), typed('number', '七'), typed('number', '')]).toEqual([7, '七', ''])
  expect([typed('text', ' 12345 '), typed('text', ' ')]).toEqual(['12345', null])
})

it('says a value in words', () => {
  const residents = { source: '统计公报', as_of: '2020-11-01', by_district: { a: 1200, b: 34 } }
  expect(told(residents)).toBe('共 1,234 人，截至 2020-11-01（统计公报）')
  expect([told(null), told(5), told('12345')]).toEqual(['没有填', '5', '12345'])
})
