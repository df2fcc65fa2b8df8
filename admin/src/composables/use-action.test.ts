import { describe, expect, it, vi } from 'vitest'
import { ApiError, NetworkFailure } from '@/api'
import { useAction } from './use-action'

const keys = () => {
  let drawn = 0
  return () => `key-${++drawn}`
}
const refused = new ApiError({ code: 'account.stale' }, 409)

describe('an action', () => {
  it('takes one click at a time', async () => {
    let finish!: (word: string) => void
    const act = vi.fn().mockReturnValue(new Promise<string>((done) => (finish = done)))
    const action = useAction(act, keys())
    const first = action.run()
    expect(await action.run()).toBeNull()
    finish('done')
    expect(await first).toEqual({ answer: 'done' })
    expect(act).toHaveBeenCalledTimes(1)
  })

  it('keeps its key while no answer came, and takes a new one after an answer', async () => {
    const act = vi
      .fn()
      .mockRejectedValueOnce(new NetworkFailure('timeout'))
      .mockRejectedValueOnce(refused)
      .mockResolvedValue('done')
    const action = useAction(act, keys())
    for (let i = 0; i < 4; i++) await action.run()
    expect(act.mock.calls).toEqual([['key-1'], ['key-1'], ['key-2'], ['key-3']])
  })

  it('takes a new key when something else is asked', async () => {
    const act = vi.fn().mockRejectedValue(new NetworkFailure('timeout'))
    const action = useAction((key: string, what: string) => act(key, what), keys())
    await action.run('a')
    await action.run('b')
    expect(act.mock.calls).toEqual([['key-1', 'a'], ['key-2', 'b']])
  })

  it('tells success without an answer from failure', async () => {
    expect(await useAction(async () => undefined).run()).toEqual({ answer: undefined })
  })
})
