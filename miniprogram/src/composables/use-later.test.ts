import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useLater } from './use-later'

const page = vi.hoisted(() => ({ leave: () => {} }))
vi.mock('@dcloudio/uni-app', () => ({ onUnload: (act: () => void) => (page.leave = act) }))

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('acts once, when the hand rests', () => {
  const act = vi.fn()
  const { later } = useLater(act, 300)
  later()
  vi.advanceTimersByTime(200)
  later()
  vi.advanceTimersByTime(299)
  expect(act).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(act).toHaveBeenCalledTimes(1)
})

it('forgets about it when the page is left, or somebody thinks better of it', () => {
  const act = vi.fn()
  const { later, drop } = useLater(act, 300)
  later()
  drop()
  later()
  page.leave()
  vi.advanceTimersByTime(1000)
  expect(act).not.toHaveBeenCalled()
})
