import { describe, expect, it } from 'vitest'
import { fenOf, yuanInWords } from './money'

describe('an amount', () => {
  it.each([
    ['12.5', 1250],
    ['0.07', 7],
    ['1,280 元', 128000],
    [' ', null],
    ['12.345', undefined],
    ['-3', undefined],
    ['十二', undefined],
    ['1234567890', undefined],
  ])('%s is read to the fen', (written, fen) => expect(fenOf(written)).toBe(fen))

  it('is written in yuan, with fen only where there are some', () => {
    expect(yuanInWords(123456)).toBe('1,234.56 元')
    expect(yuanInWords(100000000)).toBe('1,000,000 元')
    expect(yuanInWords(5)).toBe('0.05 元')
  })
})
