/** A list that goes on while one scrolls: pages by cursor, in the four states of a page. */
import { computed, ref, shallowRef } from 'vue'
import type { LoadState } from './use-load'

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}
export type MoreState = 'idle' | 'loading' | 'error' | 'end'

export function usePages<T>(fetch: (cursor: string | undefined) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const failure = shallowRef<unknown>(null)
  const cursor = ref<string | null>(null)
  const isLoaded = ref(false)
  const isBusy = ref(false)
  let latest = 0

  const state = computed<LoadState>(() => {
    if (isLoaded.value) return items.value.length ? 'content' : 'empty'
    return failure.value ? 'error' : 'loading'
  })
  const moreState = computed<MoreState>(() => {
    if (failure.value) return 'error'
    if (isBusy.value) return 'loading'
    return cursor.value === null ? 'end' : 'idle'
  })

  async function take(after: string | undefined): Promise<void> {
    const mine = ++latest
    isBusy.value = true
    failure.value = null
    try {
      const page = await fetch(after)
      if (mine !== latest) return
      items.value = after === undefined ? page.items : [...items.value, ...page.items]
      cursor.value = page.next_cursor
      isLoaded.value = true
    } catch (error) {
      if (mine === latest) failure.value = error
    } finally {
      if (mine === latest) isBusy.value = false
    }
  }

  /** The first page anew; what is shown stays until it comes. */
  const load = () => take(undefined)

  /** The next page, when there is one and none is on its way. */
  async function more(): Promise<void> {
    if (isLoaded.value && !isBusy.value && cursor.value !== null) await take(cursor.value)
  }

  /** For another question, such as a new search word: the skeleton, then the first page. */
  function restart(): Promise<void> {
    items.value = []
    cursor.value = null
    isLoaded.value = false
    return load()
  }

  return { state, moreState, items, failure, isBusy, load, more, restart }
}
