import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bind, fetchWays, openCheck } from './proving'
import { inHalves, spelled } from './window-code'

const outside = vi.hoisted(() => ({ call: vi.fn(), canCheckFace: vi.fn(), canShowNetworkIdentity: vi.fn() }))
vi.mock('@/api', () => ({ call: outside.call }))
vi.mock('@/platform/face', () => ({ canCheckFace: outside.canCheckFace }))
vi.mock('@/platform/network-identity', () => ({ canShowNetworkIdentity: outside.canShowNetworkIdentity }))

beforeEach(() => {
  outside.call.mockReset()
  outside.canCheckFace.mockResolvedValue(true)
  outside.canShowNetworkIdentity.mockResolvedValue(true)
})

describe('the ways offered', () => {
  it('are those in use here, the easiest first', async () => {
    outside.call.mockResolvedValue({ items: ['sandbox', 'window', 'face', 'something-new'] })
    expect(await fetchWays()).toEqual(['face', 'window', 'sandbox'])
    expect(outside.canShowNetworkIdentity).not.toHaveBeenCalled()
  })

  it('leave out what this phone cannot do', async () => {
    outside.call.mockResolvedValue({ items: ['face', 'ncidas', 'window'] })
    outside.canCheckFace.mockResolvedValue(false)
    outside.canShowNetworkIdentity.mockResolvedValue(false)
    expect(await fetchWays()).toEqual(['window'])
  })
})

it('a check and the binding after it are about the same person, without what a keyboard adds', async () => {
  const claim = { name: ' 李桂花 ', idNumber: '420204 19880906 902x' }
  await openCheck('face', claim, 'key-1')
  await bind(claim, { provider: 'face', ticket: 't' }, false, 'key-2')
  const told = { name: '李桂花', id_number: '42020419880906902X' }
  expect(outside.call.mock.calls.map(([, path, { key, body }]) => [path, key, body])).toEqual([
    ['/api/v1/resident/identity/checks', 'key-1', { ...told, provider: 'face' }],
    ['/api/v1/resident/identity', 'key-2', { ...told, proof: { provider: 'face', ticket: 't' }, move: false }],
  ])
})

it('the code for the window is shown in halves and read out letter by letter', () => {
  expect(inHalves('AB23CD45')).toEqual(['AB23', 'CD45'])
  expect(spelled('AB23')).toBe('A B 2 3')
})
