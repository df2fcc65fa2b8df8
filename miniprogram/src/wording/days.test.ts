import { expect, it } from 'vitest'
import { clockOf, dayInWords, dayOf, lastDayBefore, momentInWords } from './days'

it('tells days and times in China, whatever the phone is set to', () => {
  expect(dayInWords('2027-01-05')).toBe('2027年1月5日')
  expect(dayOf('2026-11-28T16:30:00+00:00')).toBe('2026-11-29')
  expect(momentInWords('2026-11-28T16:30:00Z')).toBe('11月29日 00:30')
  expect(clockOf('2026-11-28T06:05:59.999Z')).toBe('14:05')
})

it('names the last day something can be used, not the midnight it ends', () => {
  expect(lastDayBefore('2026-12-13T16:00:00Z')).toBe('2026-12-13')
  expect(lastDayBefore('2026-12-13T16:00:01Z')).toBe('2026-12-14')
})
