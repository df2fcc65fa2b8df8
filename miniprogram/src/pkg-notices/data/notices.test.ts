import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { isAccepted, nextToAsk, toAnswers } from './messages'
import { toNoticeRow } from './notices'

const NOW = new Date('2026-11-29T04:00:00Z').getTime()
const row = (changes: Partial<Schema['Notice']> = {}) =>
  toNoticeRow(
    {
      id: 'n1',
      kind: 'voucher_redeemed',
      title: '已使用',
      body: '“满五十元减五元”已在便民超市使用。',
      created_at: '2026-11-29T03:05:00Z',
      read_at: null,
      ...changes,
    },
    NOW,
  )

describe('a notice', () => {
  it('is unread until it was opened, and leads to the vouchers it tells about', () => {
    expect(row()).toMatchObject({ isUnread: true, target: { vouchers: 'used' } })
    expect(row({ read_at: '2026-11-29T03:06:00Z' }).isUnread).toBe(false)
    expect(row({ kind: 'score_ready' }).target).toEqual({ page: '/pkg-scoring/score/index' })
  })

  it('only tells something when its kind is not known', () => {
    expect(row({ kind: 'identity_bound' }).target).toBeNull()
    expect(row({ kind: 'something_new' }).target).toBeNull()
  })

  it('says when, as far as one needs to know', () => {
    expect(row().when).toBe('今天 11:05')
    expect(row({ created_at: '2026-11-28T03:05:00Z' }).when).toBe('11月28日 11:05')
    expect(row({ created_at: '2025-12-31T16:30:00Z' }).when).toBe('1月1日 00:30')
    expect(row({ created_at: '2025-12-31T15:30:00Z' }).when).toBe('2025年12月31日')
  })
})

describe('asking for messages', () => {
  const template = (id: string, changes: Partial<Schema['MessageTemplate']> = {}): Schema['MessageTemplate'] => ({
    template_id: id,
    kind: 'one_time',
    notice_kind: 'voucher_claimed',
    title: '领取成功通知',
    example: false,
    agreed: false,
    ...changes,
  })

  it('is for templates of one kind that are still open, three at most', () => {
    const templates = [
      template('a', { agreed: true }),
      template('b'),
      template('c', { kind: 'long_term' }),
      template('d'),
      template('e'),
      template('f'),
    ]
    expect(nextToAsk(templates)).toEqual(['b', 'd', 'e'])
    expect(nextToAsk([templates[0]!, templates[2]!])).toEqual(['c'])
  })

  it('leaves out examples, which WeChat does not know', () => {
    expect(nextToAsk([template('a', { example: true })])).toEqual([])
  })

  it('tells the answers the service knows, and leaves out the others', () => {
    expect(toAnswers({ a: 'acceptWithForcePush', b: 'reject', c: 'something new' })).toEqual({ a: 'accept', b: 'reject' })
  })

  it('counts what WeChat calls accepted in any way', () => {
    expect(isAccepted({ a: 'acceptWithAudio', b: 'reject' })).toBe(true)
    expect(isAccepted({ a: 'reject', b: 'ban' })).toBe(false)
  })
})
