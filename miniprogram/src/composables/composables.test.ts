import { describe, expect, it, vi } from 'vitest'
import { ApiError, NetworkFailure } from '@/api'
import { helpNumber, sentence } from './sentence'
import { useAction } from './use-action'
import { useLoad } from './use-load'
import { usePages, type Page } from './use-pages'

function later<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => ((resolve = yes), (reject = no)))
  return { promise, resolve, reject }
}

describe('something to load', () => {
  it('goes from loading to content, or to empty', async () => {
    const list = useLoad(async () => [] as string[], { isEmpty: (items) => items.length === 0 })
    expect(list.state.value).toBe('loading')
    await list.load()
    expect(list.state.value).toBe('empty')
  })

  it('shows the error, and the content after trying again', async () => {
    const fetch = vi.fn().mockRejectedValueOnce(new NetworkFailure('offline')).mockResolvedValue('there')
    const { state, value, load } = useLoad(fetch)
    await load()
    expect(state.value).toBe('error')
    await load()
    expect([state.value, value.value]).toEqual(['content', 'there'])
  })

  it('keeps what is shown when a refresh fails', async () => {
    const fetch = vi.fn().mockResolvedValueOnce('there').mockRejectedValue(new NetworkFailure('timeout'))
    const { state, failure, load } = useLoad(fetch)
    await load()
    await load()
    expect(state.value).toBe('content')
    expect(failure.value).toBeInstanceOf(NetworkFailure)
  })

  it('lets only the last question count', async () => {
    const slow = later<string>()
    const quick = later<string>()
    const fetch = vi.fn().mockReturnValueOnce(slow.promise).mockReturnValueOnce(quick.promise)
    const { value, load, isBusy } = useLoad<string>(fetch)
    const both = [load(), load()]
    quick.resolve('new')
    slow.resolve('old')
    await Promise.all(both)
    expect([value.value, isBusy.value]).toEqual(['new', false])
  })
})

describe('a list by pages', () => {
  const page = (items: number[], next: string | null): Page<number> => ({ items, next_cursor: next })

  it('goes on with the cursor until there is none', async () => {
    const fetch = vi.fn().mockResolvedValueOnce(page([1, 2], 'c')).mockResolvedValueOnce(page([3], null))
    const list = usePages(fetch)
    await list.load()
    expect(list.moreState.value).toBe('idle')
    await list.more()
    await list.more()
    expect(fetch.mock.calls).toEqual([[undefined], ['c']])
    expect(list.items.value).toEqual([1, 2, 3])
    expect(list.moreState.value).toBe('end')
  })

  it('asks for a page once, however fast one scrolls', async () => {
    const second = later<Page<number>>()
    const fetch = vi.fn().mockResolvedValueOnce(page([1], 'c')).mockReturnValueOnce(second.promise)
    const list = usePages(fetch)
    await list.load()
    const scrolling = [list.more(), list.more(), list.more()]
    second.resolve(page([2], null))
    await Promise.all(scrolling)
    expect(list.items.value).toEqual([1, 2])
  })

  it('keeps the pages it has when the next fails, and takes it up again', async () => {
    const fetch = vi
      .fn()
      .mockResolvedValueOnce(page([1], 'c'))
      .mockRejectedValueOnce(new NetworkFailure('offline'))
      .mockResolvedValueOnce(page([2], null))
    const list = usePages(fetch)
    await list.load()
    await list.more()
    expect([list.state.value, list.moreState.value]).toEqual(['content', 'error'])
    await list.more()
    expect(list.items.value).toEqual([1, 2])
  })

  it('forgets a page that belongs to the question before', async () => {
    const old = later<Page<number>>()
    const fetch = vi.fn().mockReturnValueOnce(old.promise).mockResolvedValueOnce(page([7], null))
    const list = usePages(fetch)
    const first = list.load()
    await list.restart()
    old.resolve(page([1], 'c'))
    await first
    expect([list.items.value, list.moreState.value]).toEqual([[7], 'end'])
  })
})

describe('an action', () => {
  const keys = () => {
    let drawn = 0
    return async () => `key-${++drawn}`
  }
  const refused = new ApiError({ code: 'voucher.sold_out', detail: '名额已经领完。' }, 409)

  it('takes one tap at a time', async () => {
    const work = later<string>()
    const act = vi.fn().mockReturnValue(work.promise)
    const action = useAction(act, keys())
    const first = action.run()
    expect(await action.run()).toBeNull()
    work.resolve('done')
    expect(await first).toBe('done')
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
})

describe('the sentence for a failure', () => {
  it('is the page’s for a code it knows, else the service’s', () => {
    const refused = new ApiError({ code: 'voucher.sold_out', detail: '名额已经领完。' }, 409)
    expect(sentence(refused)).toBe('名额已经领完。')
    expect(sentence(refused, { 'voucher.sold_out': '来晚了一步。' })).toBe('来晚了一步。')
  })

  it('names the number only for errors of the system', () => {
    expect(helpNumber(new ApiError({ code: 'internal', request_id: 'abc' }, 500))).toBe('abc')
    expect(helpNumber(new ApiError({ code: 'not_found', request_id: 'abc' }, 404))).toBeNull()
  })

  it('tells no network from too slow', () => {
    expect(sentence(new NetworkFailure('offline'))).not.toBe(sentence(new NetworkFailure('timeout')))
  })
})
