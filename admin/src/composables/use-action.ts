/**
 * One thing somebody does by a click. While it runs, another click does nothing. When no answer came, trying
 * again sends the same key, so that the effect happens once; after a refusal the next try is a new action.
 */
import { ref, shallowRef } from 'vue'
import { NetworkFailure, newKey } from '@/api'

export function useAction<A extends unknown[], T>(act: (key: string, ...args: A) => Promise<T>, drawKey = newKey) {
  const isBusy = ref(false)
  const failure = shallowRef<unknown>(null)
  let key: string | null = null
  let asked = ''

  /** `{ answer }`, or null when it failed: `failure` then tells why. */
  async function run(...args: A): Promise<{ answer: T } | null> {
    if (isBusy.value) return null
    isBusy.value = true
    failure.value = null
    try {
      const asking = JSON.stringify(args)
      if (key === null || asking !== asked) key = drawKey()
      asked = asking
      const answer = await act(key, ...args)
      key = null
      return { answer }
    } catch (error) {
      if (!(error instanceof NetworkFailure)) key = null
      failure.value = error
      return null
    } finally {
      isBusy.value = false
    }
  }

  return { run, isBusy, failure }
}
