import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { usePolling } from './use-polling'

const EVERY = 2000
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('looks on, also after a look that failed, until one says that it is over', async () => {
  const look = vi.fn().mockRejectedValueOnce(new Error('no network')).mockResolvedValueOnce(false).mockResolvedValue(true)
  usePolling(look, EVERY).start()
  await vi.advanceTimersByTimeAsync(EVERY * 10)
  expect(look).toHaveBeenCalledTimes(3)
})

it('stops when the page is put away, even in the middle of a look', async () => {
  let answer: (isOver: boolean) => void = () => undefined
  const look = vi.fn(() => new Promise<boolean>((resolve) => (answer = resolve)))
  const { start, stop } = usePolling(look, EVERY)
  start()
  await vi.advanceTimersByTimeAsync(EVERY)
  stop()
  answer(false)
  await vi.advanceTimersByTimeAsync(EVERY * 10)
  expect(look).toHaveBeenCalledTimes(1)
})

it('runs once, however often it is started', async () => {
  const look = vi.fn().mockResolvedValue(false)
  const { start } = usePolling(look, EVERY)
  start()
  start()
  await vi.advanceTimersByTimeAsync(EVERY)
  expect(look).toHaveBeenCalledTimes(1)
})
