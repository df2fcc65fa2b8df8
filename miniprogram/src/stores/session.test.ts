import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SignedOut, call, tokens } from '@/api'
import type { Received, Sending } from '@/api/client'
import { sessionWatch, ticketsKey } from '@/api/held'
import * as storage from '@/platform/storage'
import { useSession } from './session'

const outside = vi.hoisted(() => ({ answer: (_: Sending): Received => ({ status: 204, headers: {}, body: '' }) }))
vi.mock('@/platform/request', () => ({ send: async (sending: Sending) => outside.answer(sending) }))

const PAIR = { access_token: 'a', refresh_token: 'r' }
const HELD = [ticketsKey('voucher-1'), ticketsKey('incentive-2')]
const resident = { id: 'x', bound: true, masked_name: '李*花' }
const ok = (body: unknown): Received => ({ status: 200, headers: {}, body })
const held = () => HELD.filter((key) => storage.read(key) !== null)

beforeEach(() => {
  setActivePinia(createPinia())
  outside.answer = () => ({ status: 204, headers: {}, body: '' })
  tokens.keep('resident', PAIR)
  tokens.keep('merchant', PAIR)
  for (const key of HELD) storage.write(key, { tickets: [] })
  storage.write('settings.theme', 'elder')
})

describe('the tickets a phone holds to show without network', () => {
  it('go when somebody signs out, and nothing else goes', async () => {
    await useSession().signOut()
    expect(held()).toEqual([])
    expect(storage.read('settings.theme')).toBe('elder')
    expect(tokens.pair('merchant')).toEqual(PAIR)
  })

  it('go when signing out reaches no service', async () => {
    outside.answer = () => {
      throw new Error('no network')
    }
    await expect(useSession().signOut()).rejects.toThrow()
    expect(held()).toEqual([])
  })

  it('go with signing out everywhere, once the service has done it', async () => {
    outside.answer = () => ({ status: 503, headers: {}, body: {} })
    await expect(useSession().signOutEverywhere()).rejects.toThrow()
    expect(held()).toEqual(HELD)
    outside.answer = () => ({ status: 204, headers: {}, body: '' })
    await useSession().signOutEverywhere()
    expect(held()).toEqual([])
  })

  it('go when the service has ended the session, whether a page watches it or not', async () => {
    outside.answer = () => ({ status: 401, headers: {}, body: { code: 'session.ended' } })
    await expect(call('get', '/api/v1/resident/score')).rejects.toBeInstanceOf(SignedOut)
    expect(held()).toEqual([])
  })

  it('go when another person signs in, and when one comes over from another account', async () => {
    outside.answer = () => ok({ ...PAIR, resident })
    await useSession().signIn('code')
    expect(held()).toEqual([])
    storage.write(HELD[0]!, { tickets: [] })
    useSession().becomes({ ...resident, session: { ...PAIR, expires_in: 900 } })
    expect(held()).toEqual([])
  })

  it('stay while the session is renewed, when a name is proven, and when a clerk signs out', async () => {
    outside.answer = ({ url, headers }) => {
      if (url.endsWith('/refresh')) return ok({ access_token: 'b', refresh_token: 's' })
      return headers.authorization === 'Bearer a' ? { status: 401, headers: {}, body: {} } : ok({})
    }
    await call('get', '/api/v1/resident/score')
    useSession().becomes(resident)
    await useSession().signOutClerk()
    expect(held()).toEqual(HELD)
  })

  it('are not kept when they come after the end of the session they were asked in', async () => {
    const goesOn = sessionWatch()
    expect(goesOn()).toBe(true)
    await useSession().signOut()
    outside.answer = () => ok({ ...PAIR, resident })
    await useSession().signIn('code')
    expect(goesOn()).toBe(false)
  })
})
