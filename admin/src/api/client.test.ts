import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createClient } from './client'
import { ApiError, NetworkFailure } from './problems'

vi.stubGlobal('location', { origin: 'http://desk' })
const link = { csrfToken: () => 'word', answered: vi.fn(), ended: vi.fn(), outdated: vi.fn() }
const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } })
const answering = (response: Response) => {
  const send = vi.fn<typeof fetch>().mockResolvedValue(response)
  return { send, ...createClient(link, send) }
}
const sent = (send: ReturnType<typeof answering>['send']) => send.mock.calls[0]![0] as Request

beforeEach(() => vi.clearAllMocks())

describe('the client', () => {
  it('sends the secret word with changes only', async () => {
    const reading = answering(Response.json({ items: [] }))
    await reading.answer(reading.client.GET('/api/v1/console/passkeys'))
    expect(sent(reading.send).headers.get('x-csrf-token')).toBeNull()

    const changing = answering(new Response(null, { status: 204 }))
    await changing.answer(changing.client.DELETE('/api/v1/console/session'))
    expect(sent(changing.send).headers.get('x-csrf-token')).toBe('word')
    expect(link.answered).toHaveBeenCalledTimes(2)
  })

  it('throws a refusal with what is wrong in each field', async () => {
    const refusal = { code: 'request.invalid', detail: '有几处不对。', errors: { email: ['不是有效的邮箱。'] }, request_id: 'r1' }
    const { answer, client } = answering(problem(422, refusal))
    const failure = await answer(client.POST('/api/v1/console/password-resets', { body: { email: 'x' } })).catch((e) => e)
    expect(failure).toBeInstanceOf(ApiError)
    expect([failure.status, failure.code, failure.errors.email]).toEqual([422, 'request.invalid', ['不是有效的邮箱。']])
    expect(link.ended).not.toHaveBeenCalled()
  })

  it('tells how long to wait', async () => {
    const { answer, client } = answering(problem(429, { code: 'request.too_many' }, { 'retry-after': '30' }))
    await expect(answer(client.GET('/api/v1/console/session'))).rejects.toMatchObject({ retryAfter: 30 })
  })

  it.each(['session.ended', 'session.required'])('notices that the session is over: %s', async (code) => {
    const { answer, client } = answering(problem(401, { code }))
    await expect(answer(client.GET('/api/v1/console/session'))).rejects.toMatchObject({ code })
    expect(link.ended).toHaveBeenCalledOnce()
  })

  it('does not take a wrong password for the end of a session', async () => {
    const { answer, client } = answering(problem(401, { code: 'console.wrong_credentials' }))
    const body = { email: 'a@b.cn', password: 'x' }
    await expect(answer(client.POST('/api/v1/console/session', { body }))).rejects.toThrow('console.wrong_credentials')
    expect(link.ended).not.toHaveBeenCalled()
  })

  it('asks for the new secret word when it sent an old one', async () => {
    const { answer, client } = answering(problem(403, { code: 'session.csrf' }))
    await expect(answer(client.DELETE('/api/v1/console/sessions'))).rejects.toThrow('session.csrf')
    expect(link.outdated).toHaveBeenCalledOnce()
  })

  it.each([
    [new TypeError('fetch failed'), 'offline'],
    [new DOMException('late', 'TimeoutError'), 'timeout'],
  ])('says when nothing came back: %s', async (error, kind) => {
    const { answer, client } = createClient(link, vi.fn().mockRejectedValue(error))
    const failure = await answer(client.GET('/api/v1/console/session')).catch((e) => e)
    expect(failure).toBeInstanceOf(NetworkFailure)
    expect(failure.kind).toBe(kind)
  })

  it('reads a refusal that is no problem document', async () => {
    const { answer, client } = answering(new Response('<html>', { status: 502 }))
    await expect(answer(client.GET('/api/v1/console/session'))).rejects.toMatchObject({ status: 502, code: 'http.502' })
  })
})
