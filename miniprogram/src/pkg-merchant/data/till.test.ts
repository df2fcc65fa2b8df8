import { beforeEach, describe, expect, it, vi } from 'vitest'
import vectors from '../../../../tests/backend/vouchers/ticket/vectors.json'
import { ApiError, NetworkFailure, SignedOut } from '@/api'
import { useTill } from './till'

const offer = { number: 1, title: '满五十元减五元', benefit: '满 50 元减 5 元', terms: [] }
const yes = { entitled: true, reason: null, offer, valid_until: null, tries_left: null }
const no = (reason: string) => ({ ...yes, entitled: false, reason })
const used = {
  id: 'r1', offer, state: 'accepted', accepted_at: '2026-11-28T06:05:00Z', reversed_at: null, order_ref: null, amount_fen: null,
}
const CODE = vectors.steps['1'].text
/** The same ticket half a minute later. */
const LATER = vectors.steps['2'].text

const validate = vi.fn()
const redeem = vi.fn()
let drawn = 0
const till = () => useTill({ validate, redeem, drawId: async () => `id-${++drawn}` })
const asked = () => redeem.mock.calls.map(([honouring]) => honouring)

beforeEach(() => {
  drawn = 0
  validate.mockReset().mockResolvedValue(yes)
  redeem.mockReset().mockResolvedValue(used)
})

it('looks, confirms and is done', async () => {
  const { state, check, confirm, note, done } = till()
  expect(await check(`${CODE}\r\n`)).toBe('good')
  expect(state.value).toBe('entitled')
  note.orderRef = ' A-17 '
  note.amount = '58.5'
  expect(await confirm()).toBe('good')
  expect(state.value).toBe('done')
  expect(done.value?.accepted_at).toBe(used.accepted_at)
  expect(asked()).toEqual([{ code: CODE, scanId: 'id-2', match: null, orderRef: 'A-17', amountFen: 5850 }])
})

it('tells a till that typed too many wrong codes to scan, and does not ask again by itself', async () => {
  const { state, refusal, reason, check, goOn } = till()
  validate.mockRejectedValueOnce(new ApiError({ code: 'voucher.too_many_wrong_codes' }, 429, 300))
  expect(await check('7KMP3XQW')).toBe('bad')
  expect(state.value).toBe('refused')
  expect(refusal.value).not.toContain('不能享受')
  expect(reason.value).toContain('5 分钟后')
  expect(await goOn()).toBeNull()
  expect(validate).toHaveBeenCalledTimes(1)
})

it('tells a refusal from a code that could not be looked at', async () => {
  const { state, reason, check } = till()
  validate.mockResolvedValueOnce(no('voucher.not_at_this_hour'))
  expect(await check(CODE)).toBe('bad')
  expect(state.value).toBe('refused')
  expect(reason.value).toContain('时间')
  validate.mockRejectedValueOnce(new NetworkFailure('offline'))
  await check(CODE)
  expect(state.value).toBe('unchecked')
  expect(reason.value).toContain('网络')
})

it('takes no amount that is none', async () => {
  const { check, confirm, note, amountError } = till()
  await check(CODE)
  note.amount = '五十'
  expect(amountError.value).not.toBe('')
  expect(await confirm()).toBeNull()
  expect(redeem).not.toHaveBeenCalled()
})

describe('an answer that was lost', () => {
  it.each([
    ['network', new NetworkFailure('timeout')],
    ['service', new ApiError({ code: 'internal' }, 500)],
    ['first request still running', new ApiError({ code: 'idempotency.in_progress' }, 409)],
  ])('is asked for again with the same scan id (%s)', async (_, failure) => {
    redeem.mockRejectedValueOnce(failure)
    const { state, check, confirm, goOn, wasAskedAgain } = till()
    await check(CODE)
    await confirm()
    expect(state.value).toBe('unanswered')
    expect(await goOn()).toBe('good')
    expect([state.value, wasAskedAgain.value]).toEqual(['done', true])
    expect(asked()[1]).toEqual(asked()[0])
  })

  it('is asked for with the same key too, as long as none came', async () => {
    redeem.mockRejectedValueOnce(new NetworkFailure('timeout'))
    const { check, confirm } = till()
    await check(CODE)
    await confirm()
    await confirm()
    expect(redeem.mock.calls[1]![1]).toBe(redeem.mock.calls[0]![1])
  })
})

describe('a session that ended in mid-use', () => {
  it('goes on with the check after signing in', async () => {
    validate.mockRejectedValueOnce(new SignedOut('merchant'))
    const { state, check, goOn } = till()
    await check(CODE)
    expect(state.value).toBe('signedOut')
    expect(await goOn()).toBe('good')
    expect(state.value).toBe('entitled')
  })

  it('goes on with honouring, by the same scan', async () => {
    redeem.mockRejectedValueOnce(new SignedOut('merchant'))
    const { state, check, confirm, goOn } = till()
    await check(CODE)
    await confirm()
    expect(state.value).toBe('signedOut')
    await goOn()
    expect(state.value).toBe('done')
    expect(asked()[1]).toEqual(asked()[0])
  })
})

describe('two spoken digits', () => {
  it('are asked for, and asked again with the tries that are left', async () => {
    validate.mockResolvedValue(no('voucher.needs_match'))
    redeem.mockRejectedValueOnce(new ApiError({ code: 'voucher.needs_match', data: { tries_left: 2 } }, 423))
    const { state, asksMatch, canConfirm, check, confirm, note, matchError } = till()
    await check(CODE)
    expect([state.value, asksMatch.value, canConfirm.value]).toEqual(['entitled', true, false])
    note.match = '41'
    expect(await confirm()).toBe('bad')
    expect([state.value, note.match]).toEqual(['entitled', ''])
    expect(matchError.value).toContain('2 次')
    note.match = '42'
    await confirm()
    expect(state.value).toBe('done')
  })

  it('end with a dead code after too many tries', async () => {
    validate.mockResolvedValue(no('voucher.needs_match'))
    redeem.mockRejectedValue(new ApiError({ code: 'voucher.not_valid' }, 422))
    const { state, check, confirm, note } = till()
    await check(CODE)
    note.match = '41'
    await confirm()
    expect(state.value).toBe('refused')
  })
})

describe('a code scanned once more', () => {
  it('is told kindly with the time, when this till honoured it', async () => {
    const { state, reason, check, confirm } = till()
    await check(CODE)
    await confirm()
    validate.mockResolvedValue(no('voucher.already_redeemed'))
    await check(LATER)
    expect(state.value).toBe('repeated')
    expect(reason.value).toContain('11月28日 14:05')
  })

  it('is a refusal when another till did', async () => {
    validate.mockResolvedValue(no('voucher.already_redeemed'))
    const { state, check } = till()
    await check(CODE)
    expect(state.value).toBe('refused')
  })
})
