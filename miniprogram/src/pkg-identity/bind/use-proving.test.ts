import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, NetworkFailure } from '@/api'
import type { Check, Way } from '../data/proving'
import { useProving } from './use-proving'

const outside = vi.hoisted(() => ({
  openCheck: vi.fn(),
  bind: vi.fn(),
  fetchState: vi.fn(),
  checkFace: vi.fn(),
  showNetworkIdentity: vi.fn(),
}))
const { openCheck, bind, fetchState, checkFace, showNetworkIdentity } = outside
vi.mock('../data/proving', () => outside)
vi.mock('@/platform/face', async (original) => ({ ...(await original<object>()), checkFace: outside.checkFace }))
vi.mock('@/platform/network-identity', () => outside)

const BOUND = { id: 'x', bound: true, masked_name: '李*花' }
const CLAIM = { name: '李桂花', idNumber: '420204198809069020' }
const PARAMETERS = { orgID: 'o', businessID: 'b', bizSeq: 's', type: '1' }
const opened: Record<string, Check> = {
  face: { id: 'c-face', provider: 'face', expires_at: '', verify_id: 'v' },
  ncidas: { id: 'c-ncidas', provider: 'ncidas', expires_at: '', parameters: PARAMETERS },
  window: { id: 'c-window', provider: 'window', expires_at: '', code: 'AB23CD45' },
}
const refuse = (code: string, data = {}) => Promise.reject(new ApiError({ code: `identity.${code}`, data }, 409))
const succeed = vi.fn()
const standIn = vi.fn()
const proving = () => useProving({ ...CLAIM }, standIn, succeed)

beforeEach(() => {
  vi.useFakeTimers()
  for (const each of [...Object.values(outside), succeed]) each.mockReset()
  openCheck.mockImplementation(async (way: Way) => opened[way])
  bind.mockResolvedValue(BOUND)
  checkFace.mockResolvedValue('done')
  showNetworkIdentity.mockResolvedValue('done')
})
afterEach(() => void vi.useRealTimers())

describe('proving who one is', () => {
  it('needs no check in the trial’s own way', async () => {
    await proving().choose('sandbox')
    expect(openCheck).not.toHaveBeenCalled()
    expect(bind).toHaveBeenCalledWith(CLAIM, { provider: 'sandbox' }, false, expect.any(String))
    expect(succeed).toHaveBeenCalledWith(BOUND)
  })

  it('by face or by the national identity goes through WeChat and then binds with the check', async () => {
    await proving().choose('face')
    expect(checkFace).toHaveBeenCalledWith('v', standIn)
    await proving().choose('ncidas')
    expect(showNetworkIdentity).toHaveBeenCalledWith(PARAMETERS, standIn, CLAIM)
    expect(bind.mock.calls.map(([, proof]) => proof)).toEqual([
      { provider: 'face', ticket: 'c-face' },
      { provider: 'ncidas', ticket: 'c-ncidas' },
    ])
    expect(succeed).toHaveBeenCalledTimes(2)
  })

  it('does nothing more when the person goes back, and the check can still be asked about', async () => {
    checkFace.mockResolvedValue('left')
    const { choose, trouble, canAsk } = proving()
    await choose('face')
    expect(bind).not.toHaveBeenCalled()
    expect(trouble.value).toContain('退出了人脸核验')
    expect(canAsk.value).toBe(true)
  })

  it('asks a few times, not at once, for a result that is not there yet', async () => {
    bind.mockImplementationOnce(() => refuse('check_pending')).mockImplementationOnce(() => refuse('check_pending'))
    const { choose, isBusy } = proving()
    const done = choose('face')
    await vi.advanceTimersByTimeAsync(1_000)
    expect([bind.mock.calls.length, isBusy.value]).toEqual([1, true])
    await vi.advanceTimersByTimeAsync(10_000)
    await done
    expect(bind).toHaveBeenCalledTimes(3)
    expect(succeed).toHaveBeenCalledOnce()
  })

  it('says that there is no result, when none comes, and asks again on a tap', async () => {
    bind.mockImplementation(() => refuse('check_pending'))
    const { choose, askResult, trouble } = proving()
    void choose('ncidas')
    await vi.advanceTimersByTimeAsync(30_000)
    expect(bind).toHaveBeenCalledTimes(4)
    expect(trouble.value).toContain('还没有结果')
    bind.mockResolvedValue(BOUND)
    await askResult()
    expect(succeed).toHaveBeenCalledOnce()
  })

  it('keeps a check that an answer was lost for, and repeats the request as it was', async () => {
    bind.mockImplementationOnce(() => Promise.reject(new NetworkFailure('timeout')))
    const { choose, askResult } = proving()
    await choose('face')
    await askResult()
    expect(openCheck).toHaveBeenCalledOnce()
    expect(bind.mock.calls[0]).toEqual(bind.mock.calls[1])
  })

  it('tells a face that did not pass by WeChat’s reason, and the check is over', async () => {
    bind.mockImplementation(() => refuse('check_failed', { provider_code: 90008 }))
    const { choose, trouble, canAsk } = proving()
    await choose('face')
    expect(trouble.value).toContain('摄像头')
    expect(canAsk.value).toBe(false)
  })

  it('asks before somebody comes over from another account, and moves with the same check', async () => {
    bind.mockImplementationOnce(() => refuse('bound_elsewhere'))
    const { choose, askMove, move, trouble } = proving()
    await choose('face')
    expect([askMove.value, trouble.value]).toEqual([true, ''])
    await move()
    expect(bind).toHaveBeenLastCalledWith(CLAIM, { provider: 'face', ticket: 'c-face' }, true, expect.any(String))
    expect(askMove.value).toBe(false)
  })

  it('forgets what went wrong when another way is chosen', async () => {
    openCheck.mockImplementationOnce(() => refuse('unknown_provider'))
    const { choose, trouble, check } = proving()
    await choose('face')
    expect(trouble.value).not.toBe('')
    await choose('window')
    expect([trouble.value, check.value?.code]).toEqual(['', 'AB23CD45'])
  })
})

describe('waiting at the window', () => {
  it('goes on by itself when the clerk has confirmed', async () => {
    fetchState.mockResolvedValueOnce('open').mockResolvedValueOnce('confirmed')
    const { choose, lookAtWindow } = proving()
    await choose('window')
    expect(await lookAtWindow()).toBe(false)
    expect(bind).not.toHaveBeenCalled()
    expect(await lookAtWindow()).toBe(true)
    expect(succeed).toHaveBeenCalledWith(BOUND)
  })

  it.each([
    ['failed', 'check_failed', '对不上'],
    ['expired', 'check_expired', '重新取一个码'],
  ])('ends with a code that %s, and says what to do', async (state, code, part) => {
    fetchState.mockResolvedValue(state)
    bind.mockImplementation(() => refuse(code))
    const { choose, lookAtWindow, trouble, check } = proving()
    await choose('window')
    expect(await lookAtWindow()).toBe(true)
    expect(check.value).toBeNull()
    expect(trouble.value).toContain(part)
  })
})
