/** A list of the console: what it is narrowed to, and its pages. `ListPage` shows it. */
import { useFilters } from './use-filters'
import { useListing, type Page } from './use-listing'

interface Asked<F, T> {
  /** What its rows are kept under; what changes a row marks this as outdated. */
  key: string
  fetch: (filters: F, cursor: string | undefined) => Promise<Page<T>>
  plain: F
  /** What may be a name, and so never stands in an address. */
  unseen?: readonly (keyof F & string)[]
}

export function useList<F extends Record<string, string>, T>({ key, fetch, plain, unseen }: Asked<F, T>) {
  const place = useFilters(plain, { unseen })
  return { ...place, ...useListing([key], fetch, place) }
}

export type List<F extends Record<string, string>, T> = ReturnType<typeof useList<F, T>>
