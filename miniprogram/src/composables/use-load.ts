/** One thing to show, in one of four states. */
import { computed, ref, shallowRef } from 'vue'

export type LoadState = 'loading' | 'empty' | 'error' | 'content'

export interface LoadOptions<T> {
  isEmpty?: (value: T) => boolean
}

export function useLoad<T>(fetch: () => Promise<T>, { isEmpty = () => false }: LoadOptions<T> = {}) {
  const value = shallowRef<T | null>(null)
  const failure = shallowRef<unknown>(null)
  const isBusy = ref(false)
  let latest = 0

  const state = computed<LoadState>(() => {
    if (value.value !== null) return isEmpty(value.value) ? 'empty' : 'content'
    return failure.value ? 'error' : 'loading'
  })

  /** Ask again. What is shown stays until the new answer comes; only the last question counts. */
  async function load(): Promise<void> {
    const mine = ++latest
    isBusy.value = true
    try {
      const answer = await fetch()
      if (mine !== latest) return
      value.value = answer
      failure.value = null
    } catch (error) {
      if (mine !== latest) return
      failure.value = error
    } finally {
      if (mine === latest) isBusy.value = false
    }
  }

  /** From the beginning, with the skeleton: for another question than before. */
  function restart(): Promise<void> {
    value.value = null
    failure.value = null
    return load()
  }

  return { state, value, failure, isBusy, load, restart }
}
