import { expect, it } from 'vitest'
import { isIdNumber, tidyIdNumber } from './id-number'

it('accepts numbers with a right check digit and a real birthday', () => {
  expect(isIdNumber('42020019760509913x')).toBe(true)
  expect(isIdNumber(' 420204 19880906 9020 ')).toBe(true)
})

it.each(['42020419880906902', '420204198809069021', '42020419880230902X', '42020419881306902X', 'X2020419880906902X', ''])(
  'refuses %s',
  (wrong) => expect(isIdNumber(wrong)).toBe(false),
)

it('tidies what a keyboard adds', () => expect(tidyIdNumber('4202 x')).toBe('4202X'))
