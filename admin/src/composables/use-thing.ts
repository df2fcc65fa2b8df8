/** One thing to show, in one of its states. */
import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import type { LoadState } from './use-listing'

export function useThing<T>(key: MaybeRefOrGetter<readonly unknown[]>, fetch: () => Promise<T>, isEmpty = (_: T) => false) {
  const query = useQuery<T>({ queryKey: computed(() => toValue(key)), queryFn: fetch })
  const state = computed<LoadState>(() => {
    if (query.data.value !== undefined) return isEmpty(query.data.value) ? 'empty' : 'content'
    return query.isError.value ? 'error' : 'loading'
  })
  return { state, thing: query.data, failure: query.error, isBusy: query.isFetching, retry: query.refetch }
}
