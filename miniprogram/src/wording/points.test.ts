import { expect, it } from 'vitest'
import { plus, whole } from './points'

it('tells points with their sign, and nothing as a plain 0', () => {
  expect(['2.0', '-3.6', '0.0', '-0.0'].map(plus)).toEqual(['+2.0', '−3.6', '0', '0'])
  expect(['60.0', '72.5'].map(whole)).toEqual(['60', '72.5'])
})
