/** A list by pages: which page is shown stands in the address, the way there is remembered while one walks it. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}
export type LoadState = 'loading' | 'empty' | 'error' | 'content'

interface Place<F> {
  filters: Ref<F>
  cursor: Ref<string | undefined>
  goTo(cursor: string | undefined): Promise<void>
}

export function useListing<F, T>(
  key: MaybeRefOrGetter<readonly unknown[]>,
  fetch: (filters: F, cursor: string | undefined) => Promise<Page<T>>,
  place: Place<F>,
) {
  const query = useQuery({
    queryKey: computed(() => [...toValue(key), place.filters.value, place.cursor.value ?? '']),
    queryFn: () => fetch(place.filters.value, place.cursor.value),
    placeholderData: keepPreviousData,
  })
  const before = ref<(string | undefined)[]>([])
  watch(place.cursor, (now) => {
    const at = before.value.indexOf(now)
    if (at >= 0) before.value = before.value.slice(0, at)
    if (!now) before.value = []
  })

  const items = computed(() => query.data.value?.items ?? [])
  const state = computed<LoadState>(() => {
    if (query.data.value) return items.value.length ? 'content' : 'empty'
    return query.isError.value ? 'error' : 'loading'
  })
  const next = computed(() => (query.isPlaceholderData.value ? null : query.data.value?.next_cursor) ?? null)

  async function forth(): Promise<void> {
    if (!next.value) return
    before.value = [...before.value, place.cursor.value]
    await place.goTo(next.value)
  }
  /** One page back; from a page that was opened by its address, to the first. */
  const back = () => place.goTo(before.value.at(-1))

  return {
    state,
    items,
    failure: query.error,
    isBusy: query.isFetching,
    retry: query.refetch,
    canGoBack: computed(() => place.cursor.value !== undefined),
    canGoForth: computed(() => next.value !== null),
    back,
    forth,
  }
}
