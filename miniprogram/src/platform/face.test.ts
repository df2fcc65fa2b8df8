import { beforeEach, describe, expect, it, vi } from 'vitest'
import { canCheckFace, checkFace, whyNotPassed } from './face'
import { canShowNetworkIdentity, showNetworkIdentity } from './network-identity'

const outside = vi.hoisted(() => ({ askSimulator: vi.fn(), findSimulator: vi.fn() }))
vi.mock('./simulator', () => outside)

const PARAMETERS = { orgID: 'o', businessID: 'b', bizSeq: 's', type: '1' }
const HOLDER = { name: '李桂花', idNumber: '420204198809069020' }

beforeEach(() => {
  outside.askSimulator.mockReset().mockResolvedValue({})
  outside.findSimulator.mockReset().mockResolvedValue('http://127.0.0.1:8001')
})

describe('on the web page of a trial', () => {
  it('the camera of the simulator sees whom one plays', async () => {
    expect(await checkFace('v/1', async () => true)).toBe('done')
    expect(await checkFace('v/1', async () => false)).toBe('done')
    expect(outside.askSimulator.mock.calls).toEqual([
      ['face/v%2F1', { result: 10000 }],
      ['face/v%2F1', { result: 90013 }],
    ])
  })

  it('the national app of the simulator says yes or no to who one claims to be', async () => {
    expect(await showNetworkIdentity(PARAMETERS, async () => true, HOLDER)).toBe('done')
    expect(await showNetworkIdentity(PARAMETERS, async () => false, HOLDER)).toBe('done')
    expect(outside.askSimulator.mock.calls.map(([, body]) => body)).toEqual([
      { ...PARAMETERS, ...HOLDER, code: 0 },
      { ...PARAMETERS, ...HOLDER, code: 10 },
    ])
  })

  it('nothing is told when one goes back', async () => {
    expect(await checkFace('v', async () => null)).toBe('left')
    expect(await showNetworkIdentity(PARAMETERS, async () => null, HOLDER)).toBe('left')
    expect(outside.askSimulator).not.toHaveBeenCalled()
  })

  it('neither is offered without the simulator', async () => {
    expect([await canCheckFace(), await canShowNetworkIdentity()]).toEqual([true, true])
    outside.findSimulator.mockResolvedValue(null)
    expect([await canCheckFace(), await canShowNetworkIdentity()]).toEqual([false, false])
  })

  it('a check whose time is over ends late', async () => {
    outside.askSimulator.mockResolvedValue(null)
    expect(await checkFace('v', async () => true)).toBe('late')
  })
})

it('WeChat’s numbers are told apart, and what is not known is "not recognised"', () => {
  expect([90002, 90006, 90109, 90012, 90009, 90107, 90014, 84003, undefined].map(whyNotPassed)).toEqual([
    'left',
    'left',
    'device',
    'network',
    'camera',
    'late',
    'unrecognised',
    'unrecognised',
    'unrecognised',
  ])
})
