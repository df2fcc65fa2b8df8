import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, NetworkFailure, SignedOut, tokens } from '@/api'
import * as storage from '@/platform/storage'
import { fetchTickets, freshOrKept, whyClosed, whyRefused, whyVoucherIsOver, type Code } from './showing'

const outside = vi.hoisted(() => ({ send: vi.fn() }))
vi.mock('@/platform/request', () => outside)

const voucher = { state: 'issued', last_redeemed_at: null, ended_at: null, expires_at: '2026-12-31T16:00:00Z' }

describe('why no code is shown', () => {
  it('is nothing for a voucher that can be used', () => expect(whyVoucherIsOver(voucher)).toBeNull())

  it('names the time for one that was used, and the day for one that ended', () => {
    const used = whyVoucherIsOver({ ...voucher, state: 'redeemed', last_redeemed_at: '2026-11-28T06:05:00Z' })
    expect(used).toMatchObject({ kind: 'used', text: expect.stringContaining('11月28日 14:05') })
    const expired = whyVoucherIsOver({ ...voucher, state: 'expired', ended_at: '2026-12-31T16:00:30Z' })
    expect(expired).toMatchObject({ kind: 'ended', text: expect.stringContaining('2026年12月31日') })
    const cancelled = whyVoucherIsOver({ ...voucher, state: 'cancelled', ended_at: '2026-11-01T04:00:00Z' })
    expect(cancelled).toMatchObject({ kind: 'ended', text: expect.stringContaining('2026年11月1日') })
  })

  it('tells an entitlement used up from one that is not open to somebody', () => {
    expect(whyClosed({ eligible: true, remaining_for_me: 1 })).toBeNull()
    expect(whyClosed({ eligible: true, remaining_for_me: 0 })).toMatchObject({ kind: 'used' })
    expect(whyClosed({ eligible: false, remaining_for_me: 0 })).toMatchObject({ kind: 'refused' })
  })

  it('is a refusal of the service, not a fault of it', () => {
    expect(whyRefused(new ApiError({ code: 'voucher.ended', detail: '已结束。' }, 409))).toMatchObject({ text: '已结束。' })
    expect(whyRefused(new ApiError({ code: 'internal' }, 500))).toBeNull()
    expect(whyRefused(new NetworkFailure('offline'))).toBeNull()
  })
})

describe('a code for the till', () => {
  const code = (title: string) => ({ offer: { title } }) as Code
  const fresh = code('fresh')
  const kept = code('kept')
  const late = vi.fn()
  beforeEach(() => void late.mockReset())

  it('is a new one, when it comes soon', async () => {
    expect(await freshOrKept(async () => fresh, kept, late)).toBe(fresh)
    expect(late).not.toHaveBeenCalled()
  })

  it('is the one the phone holds, when there is no network', async () => {
    expect(await freshOrKept(() => Promise.reject(new NetworkFailure('offline')), kept, late)).toBe(kept)
  })

  it('is the one the phone holds on a slow network, until the new one comes', async () => {
    let arrive: (code: Code) => void = () => undefined
    const slow = () => new Promise<Code>((resolve) => (arrive = resolve))
    expect(await freshOrKept(slow, kept, late, 5)).toBe(kept)
    arrive(fresh)
    await vi.waitFor(() => expect(late).toHaveBeenCalledWith(fresh))
  })

  it('is none after signing out, nor when the service refuses', async () => {
    await expect(freshOrKept(() => Promise.reject(new SignedOut('resident')), kept, late)).rejects.toBeInstanceOf(SignedOut)
    const refused = new ApiError({ code: 'voucher.ended' }, 409)
    await expect(freshOrKept(() => Promise.reject(refused), kept, late)).rejects.toBe(refused)
  })

  it('fails where the phone holds none', async () => {
    await expect(freshOrKept(() => Promise.reject(new NetworkFailure('offline')), null, late)).rejects.toBeInstanceOf(NetworkFailure)
  })
})

it('keeps no ticket that comes when somebody has signed out meanwhile', async () => {
  tokens.keep('resident', { access_token: 'a', refresh_token: 'r' })
  outside.send.mockImplementationOnce(async () => {
    tokens.forget('resident')
    return { status: 200, headers: {}, body: { items: [], server_time: '2026-11-29T06:05:00Z' } }
  })
  const offer = { title: '', benefit: '', terms: [] }
  await expect(fetchTickets({ voucher: 'v' }, offer)).rejects.toBeInstanceOf(SignedOut)
  expect(storage.read('tickets.v')).toBeNull()
})
