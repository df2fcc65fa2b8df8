import { expect, it } from 'vitest'
import { KEYS, sealed } from '../../../tests/sealed'
import { isGenuine, toCommitmentView } from './commitment'

it('is genuine when seal, statement and text belong together', () => {
  expect(isGenuine(sealed(), KEYS)).toBe(true)
})

it('is not when a word of it was changed', () => {
  expect(isGenuine({ ...sealed(), text: sealed().text.replace('真实', '大致真实') }, KEYS)).toBe(false)
  const honest = sealed()
  expect(isGenuine({ ...honest, statement: honest.statement.replace('店长', '经理') }, KEYS)).toBe(false)
})

it('is not under the seal of something else', () => {
  expect(isGenuine(sealed({ format: 'city-credit-receipt/1' }), KEYS)).toBe(false)
  expect(isGenuine({ ...sealed(), id: 'd' }, KEYS)).toBe(false)
  expect(isGenuine({ ...sealed(), key_id: 4 }, KEYS)).toBe(false)
})

it('shows who signed and when, as the seal covers it', () => {
  const { facts, hasEnded } = toCommitmentView(sealed(), KEYS)
  expect(facts.map(({ value }) => value)).toEqual(['便民超市', '陈一鸣（店长）', '2026年11月29日'])
  expect(hasEnded).toBe(false)
})
