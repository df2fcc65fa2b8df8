import { describe, expect, it } from 'vitest'
import { ApiError, NetworkFailure } from '@/api'
import { isRefusal, refusalInWords, tidyCode, toVerdictView } from './desk'

const offer = { number: 1, title: '满五十元减五元', benefit: '满 50 元减 5 元', terms: ['每桌限一张。'] }

describe('a verdict', () => {
  it('shows the offer of somebody entitled, and nothing about them', () => {
    const view = toVerdictView({ entitled: true, reason: null, offer, valid_until: null, tries_left: null })
    expect(view).toEqual({
      isEntitled: true,
      title: '满五十元减五元',
      benefit: '满 50 元减 5 元',
      terms: ['每桌限一张。'],
      code: '',
      reason: '',
      needsMatch: false,
      isMistyped: false,
    })
  })

  it('gives one plain reason, the same for whatever may not be told apart', () => {
    const refused = (reason: string) => toVerdictView({ entitled: false, reason, offer: null, valid_until: null, tries_left: null })
    expect(refused('voucher.not_valid')).toMatchObject({ isEntitled: false, title: '' })
    expect(refused('something.new').reason).toBe(refused('voucher.not_valid').reason)
    expect(refused('voucher.limit_reached').reason).toContain('次数')
  })

  it('counts the tries that are left to a wrong typed code, and ends kindly', () => {
    const wrong = (tries_left: number) =>
      toVerdictView({ entitled: false, reason: 'voucher.not_valid', offer: null, valid_until: null, tries_left }).reason
    expect(wrong(3)).toContain('还可以再试 3 次')
    expect(wrong(0)).toContain('10 分钟后')
    expect(wrong(0)).not.toContain('0 次')
  })
})

describe('a refusal at the till', () => {
  it('tells the own shop when the code was used', () => {
    const data = { redeemed_at: '2026-11-28T06:05:00Z' }
    expect(refusalInWords(new ApiError({ code: 'voucher.already_redeemed', data }, 409))).toBe(
      '这个码 11月28日 14:05 已经在本店使用成功。',
    )
    expect(refusalInWords(new ApiError({ code: 'voucher.already_redeemed' }, 409))).toContain('已经用过')
  })

  it('tells a wrong typed code, and a till that has to wait, in whole minutes', () => {
    expect(refusalInWords(new ApiError({ code: 'voucher.not_valid', data: { tries_left: 4 } }, 422))).toContain('4 次')
    const locked = new ApiError({ code: 'voucher.too_many_wrong_codes', data: { retry_after: 541 } }, 429, 541)
    expect(refusalInWords(locked)).toContain('10 分钟后')
    expect(isRefusal(locked)).toBe(true)
    expect(isRefusal(new ApiError({ code: 'request.too_many' }, 429, 3))).toBe(false)
  })

  it('counts the tries that are left, and says when there is no network', () => {
    expect(refusalInWords(new ApiError({ code: 'voucher.needs_match', data: { tries_left: 2 } }, 423))).toContain('2 次')
    expect(refusalInWords(new NetworkFailure('offline'))).toContain('网络')
  })
})

it('takes off what a scanner adds, and nothing that belongs to the code', () => {
  expect(tidyCode('HS1:A B \r\n')).toBe('HS1:A B ')
})
