import { expect, it } from 'vitest'
import { clockOf, count, dateTime } from './formats'

it('shows times by China’s clock', () => {
  expect(dateTime('2026-11-28T17:05:00Z')).toBe('2026-11-29 01:05')
  expect(dateTime('2026-11-28T16:00:00Z')).toBe('2026-11-29 00:00')
})

it('shows a dash for what never was', () => {
  expect(dateTime(null)).toBe('—')
})

it('groups large numbers', () => {
  expect(count(1234567)).toBe('1,234,567')
})

it('counts down in minutes and seconds', () => {
  expect([clockOf(119_200), clockOf(0), clockOf(-5)]).toEqual(['2:00', '0:00', '0:00'])
})
