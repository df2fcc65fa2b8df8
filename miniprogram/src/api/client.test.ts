import { beforeEach, describe, expect, it } from 'vitest'
import { createClient, type Received, type Sending } from './client'
import { ApiError, NetworkFailure, SignedOut } from './problems'
import { Tokens, type TokenPair } from './tokens'

const OLD = { access_token: 'old', refresh_token: 'r1' }
const NEW = { access_token: 'new', refresh_token: 'r2' }
const ok = (body: unknown = {}, status = 200): Received => ({ status, headers: {}, body })
const refusal = (status: number, code: string, headers = {}): Received => ({
  status,
  headers,
  body: { code, status, detail: '说明', title: '', type: '', request_id: 'abc', errors: { name: ['太长'] } },
})

let sent: Sending[]
let stored: Map<string, TokenPair>
let answer: (sending: Sending) => Received | Promise<Received>

function client() {
  const tokens = new Tokens({
    read: (key) => stored.get(key) ?? null,
    write: (key, pair) => void stored.set(key, pair),
    remove: (key) => void stored.delete(key),
  })
  let keys = 0
  const call = createClient({
    tokens,
    send: async (sending) => {
      sent.push(sending)
      return answer(sending)
    },
    randomKey: async () => `key-${++keys}`,
    exclusively: (_name, work) => work(),
    baseUrl: () => 'https://city.example',
  })
  return { call, tokens }
}

const tokenOf = (sending: Sending) => sending.headers.authorization
const isRefresh = (sending: Sending) => sending.url.endsWith('/session/refresh')

beforeEach(() => {
  sent = []
  stored = new Map([['session.resident', OLD]])
  answer = () => ok()
})

describe('a call', () => {
  it('fills the address, leaves out what was not asked, and sends the token of its audience', async () => {
    const { call } = client()
    await call('get', '/api/v1/resident/vouchers/{voucher_id}', { path: { voucher_id: 'a/b' } })
    await call('get', '/api/v1/public/incentives', { query: { q: '游泳 &', category: undefined, limit: 5 } })
    await call('get', '/api/v1/resident/vouchers', { query: { state: ['expired', 'cancelled'] } })
    expect(sent[2]!.url).toMatch(/vouchers\?state=expired&state=cancelled$/)
    expect(sent[0]!.url).toBe('https://city.example/api/v1/resident/vouchers/a%2Fb')
    expect(tokenOf(sent[0]!)).toBe('Bearer old')
    expect(sent[1]!.url).toBe('https://city.example/api/v1/public/incentives?q=%E6%B8%B8%E6%B3%B3%20%26&limit=5')
    expect(tokenOf(sent[1]!)).toBeUndefined()
  })

  it('lets somebody without a session look at an invitation, and at nothing else of a clerk', async () => {
    const { call } = client()
    await call('post', '/api/v1/merchant/invitations/look', { body: { invite: 'abc' } })
    expect(tokenOf(sent[0]!)).toBeUndefined()
    await expect(call('get', '/api/v1/merchant/session')).rejects.toBeInstanceOf(SignedOut)
  })

  it('gives every changing call a key of its own, or the one of the action', async () => {
    const { call } = client()
    const body = { incentive_id: 'x' }
    await call('post', '/api/v1/resident/vouchers', { body })
    await call('post', '/api/v1/resident/vouchers', { body })
    await call('post', '/api/v1/resident/vouchers', { body, key: 'mine' })
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-2', 'mine'])
  })

  it('tells a refusal with code, sentence, fields, number and time to wait', async () => {
    const { call } = client()
    answer = () => refusal(429, 'request.too_many', { 'retry-after': '7' })
    const failure = await call('get', '/api/v1/public/city').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({
      status: 429,
      code: 'request.too_many',
      detail: '说明',
      errors: { name: ['太长'] },
      requestId: 'abc',
      retryAfter: 7,
    })
  })

  it('tells an answer that is no problem document by its status', async () => {
    const { call } = client()
    answer = () => ({ status: 502, headers: {}, body: '<html>' })
    await expect(call('get', '/api/v1/public/city')).rejects.toMatchObject({ code: 'http.502' })
  })

  it('passes on that nothing came back', async () => {
    const { call } = client()
    answer = () => Promise.reject(new NetworkFailure('timeout'))
    await expect(call('get', '/api/v1/resident/score')).rejects.toMatchObject({ kind: 'timeout' })
  })

  it('does not even ask for something of a person who is not signed in', async () => {
    stored.clear()
    const { call } = client()
    await expect(call('get', '/api/v1/resident/score')).rejects.toBeInstanceOf(SignedOut)
    expect(sent).toEqual([])
  })
})

describe('an access token that ran out', () => {
  beforeEach(() => {
    answer = (sending) => {
      if (isRefresh(sending)) return ok(NEW)
      return tokenOf(sending) === 'Bearer old' ? refusal(401, 'session.ended') : ok({ score: '82.5' })
    }
  })

  it('is renewed once for all that wait, and each request is repeated', async () => {
    const { call } = client()
    const answers = await Promise.all([1, 2, 3].map(() => call('get', '/api/v1/resident/score')))
    expect(answers.map(({ score }) => score)).toEqual(['82.5', '82.5', '82.5'])
    expect(sent.filter(isRefresh)).toHaveLength(1)
    expect(stored.get('session.resident')).toEqual(NEW)
  })

  it('keeps the key of the action when the request is repeated', async () => {
    const { call } = client()
    await call('post', '/api/v1/resident/vouchers', { body: { incentive_id: 'x' } })
    const tries = sent.filter((sending) => !isRefresh(sending))
    expect(tries.map(({ headers }) => headers['idempotency-key'])).toEqual(['key-1', 'key-1'])
  })

  it('is not renewed again when another tab has already done so', async () => {
    const { call } = client()
    const first = answer
    answer = (sending) => {
      const received = first(sending)
      if (tokenOf(sending) === 'Bearer old') stored.set('session.resident', NEW)
      return received
    }
    await call('get', '/api/v1/resident/score')
    expect(sent.filter(isRefresh)).toEqual([])
  })

  it('stays when the renewal met no network: signing in again is not asked', async () => {
    const { call } = client()
    const first = answer
    answer = (sending) => (isRefresh(sending) ? Promise.reject(new NetworkFailure('offline')) : first(sending))
    await expect(call('get', '/api/v1/resident/score')).rejects.toBeInstanceOf(NetworkFailure)
    expect(stored.get('session.resident')).toEqual(OLD)
  })

  it('ends the session when it cannot be renewed any more, and says so once', async () => {
    const { call, tokens } = client()
    const ended: string[] = []
    tokens.onForgotten((audience) => ended.push(audience))
    answer = () => refusal(401, 'session.ended')
    const failures = await Promise.allSettled([1, 2].map(() => call('get', '/api/v1/resident/score')))
    expect(failures.every((f) => f.status === 'rejected' && f.reason instanceof SignedOut)).toBe(true)
    expect(ended).toEqual(['resident'])
    expect(stored.has('session.resident')).toBe(false)
  })

  it('leaves the clerk signed in when the resident is not', async () => {
    stored.set('session.merchant', { access_token: 'clerk', refresh_token: 'c1' })
    const { call } = client()
    answer = (sending) => (tokenOf(sending) === 'Bearer clerk' ? ok({ items: [] }) : refusal(401, 'session.ended'))
    await call('get', '/api/v1/resident/score').catch(() => undefined)
    await call('get', '/api/v1/merchant/redemptions')
    expect(stored.has('session.merchant')).toBe(true)
  })
})
