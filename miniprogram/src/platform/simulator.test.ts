import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Received, Sending } from '@/api/client'

const SIMULATOR = 'http://127.0.0.1:8001'
const outside = vi.hoisted(() => ({ send: vi.fn() }))
vi.mock('./request', () => outside)

const ok = (body: unknown): Received => ({ status: 200, headers: {}, body })
let config: () => Received
let answer: Received

beforeEach(() => {
  vi.resetModules()
  config = () => ok({ simulator: SIMULATOR })
  answer = ok({})
  outside.send.mockReset()
  outside.send.mockImplementation(async ({ url }: Sending) => (url.endsWith('config.json') ? config() : answer))
})

describe('the simulator of a trial', () => {
  it('is asked where it is once, and then for people and codes', async () => {
    const { listPeopleToPlay } = await import('./simulator')
    const { codeFromSimulator } = await import('./login')
    answer = ok({ items: [{ user: 'li-guihua', label: '', entries: {} }] })
    expect(await listPeopleToPlay()).toHaveLength(1)
    answer = ok({ code: 'c' })
    expect(await codeFromSimulator('li-guihua')).toBe('c')
    expect(outside.send.mock.calls.map(([{ method, url, body }]) => [method, url, body])).toEqual([
      ['GET', expect.stringContaining('config.json'), undefined],
      ['GET', `${SIMULATOR}/__sim/users`, undefined],
      ['POST', `${SIMULATOR}/__sim/login`, { user: 'li-guihua' }],
    ])
  })

  it('is looked for again after its address did not come', async () => {
    const { findSimulator } = await import('./simulator')
    config = () => {
      throw new Error('no network')
    }
    await expect(findSimulator()).rejects.toThrow()
    config = () => ok({ simulator: SIMULATOR })
    expect(await findSimulator()).toBe(SIMULATOR)
  })

  it('gives nobody and nothing where there is none', async () => {
    config = () => ok({ simulator: null })
    const { askSimulator, listPeopleToPlay } = await import('./simulator')
    const { codeFromSimulator } = await import('./login')
    expect(await listPeopleToPlay()).toEqual([])
    expect(await askSimulator('face/x', {})).toBeNull()
    await expect(codeFromSimulator('li-guihua')).rejects.toThrow()
  })

  it('says when it did not do something', async () => {
    const { askSimulator } = await import('./simulator')
    answer = { status: 404, headers: {}, body: { finished: false } }
    expect(await askSimulator('face/unknown', {})).toBeNull()
  })
})
