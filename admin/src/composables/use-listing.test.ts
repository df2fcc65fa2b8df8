// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { defineComponent } from 'vue'
import { expect, it, vi } from 'vitest'
import { NetworkFailure } from '@/api'
import { mountAt } from '../../tests/unit/router'
import { useFilters } from './use-filters'
import { useListing, type Page } from './use-listing'

type Row = { id: string }
const page = (ids: string[], next: string | null): Page<Row> => ({ items: ids.map((id) => ({ id })), next_cursor: next })

async function open(address: string, fetch: (filters: { state: string }, cursor?: string) => Promise<Page<Row>>) {
  let list!: ReturnType<typeof useListing<{ state: string }, Row>>
  let place!: ReturnType<typeof useFilters<{ state: string }>>
  const List = defineComponent({
    setup: () => {
      place = useFilters({ state: '' })
      list = useListing(['rows'], fetch, place)
      return () => null
    },
  })
  const { router } = await mountAt(address, List)
  await flushPromises()
  return { list, place, router }
}

const pages = vi.fn(async (_: { state: string }, cursor?: string) =>
  cursor === 'b' ? page(['3'], null) : page(['1', '2'], 'b'),
)

it('walks on by the cursor, which stands in the address, and back', async () => {
  const { list, router } = await open('/rows', pages)
  expect([list.state.value, list.canGoBack.value, list.canGoForth.value]).toEqual(['content', false, true])
  await list.forth()
  await flushPromises()
  expect(router.currentRoute.value.query.cursor).toBe('b')
  expect(list.items.value).toEqual([{ id: '3' }])
  expect([list.canGoBack.value, list.canGoForth.value]).toEqual([true, false])
  await list.back()
  await flushPromises()
  expect(list.items.value).toHaveLength(2)
  expect(router.currentRoute.value.query.cursor).toBeUndefined()
})

it('opens a page by its address, and leads back to the first', async () => {
  const { list } = await open('/rows?cursor=b', pages)
  expect(list.items.value).toEqual([{ id: '3' }])
  await list.back()
  await flushPromises()
  expect(list.items.value).toHaveLength(2)
})

it('asks anew when it is narrowed', async () => {
  const { list, place } = await open('/rows', async ({ state }) => page(state ? [] : ['1'], null))
  await place.set({ state: 'locked' })
  await flushPromises()
  expect(list.state.value).toBe('empty')
})

it('shows the failure, and the rows after trying again', async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue(page(['1'], null))
  const { list } = await open('/rows', fetch)
  expect(list.state.value).toBe('error')
  await list.retry()
  expect(list.state.value).toBe('content')
})

it('tries once more by itself when nothing came back', async () => {
  vi.useFakeTimers()
  const fetch = vi.fn().mockRejectedValueOnce(new NetworkFailure('offline')).mockResolvedValue(page(['1'], null))
  const { list } = await open('/rows', fetch)
  await vi.advanceTimersByTimeAsync(3000)
  expect(list.state.value).toBe('content')
  vi.useRealTimers()
})
