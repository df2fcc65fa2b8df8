import { expect, it } from 'vitest'
import { findWrongCharacter, grouped, isWholeCode, tidyTyped } from './typed-code'

it.each(['7KMP3XQW', '7kmp-3xqw', ' 7KMP 3XQW ', '７ＫＭＰ－３ＸＱＷ', '7KMP–3XQW', '７kmp　3xqw'])('is one code, typed as %s', (typed) => {
  expect(tidyTyped(typed)).toBe('7KMP3XQW')
  expect(isWholeCode(tidyTyped(typed))).toBe(true)
})

it('stands in two groups of four, from the fifth character on', () => {
  expect(['7K', '7KMP', '7KMP3', '7KMP3XQW'].map(grouped)).toEqual(['7K', '7KMP', '7KMP-3', '7KMP-3XQW'])
})

it('names the character that is in no code', () => {
  expect(findWrongCharacter('7KMP3XQW')).toBeNull()
  expect(['7KMP0', 'KILO', '7K好'].map(findWrongCharacter)).toEqual(['0', 'I', '好'])
})

it('is whole with eight good characters, no more and no fewer', () => {
  expect(['7KMP3XQ', '7KMP3XQWW', '7KMP3XQO'].map(isWholeCode)).toEqual([false, false, false])
})
