/** How answers of the service are kept: shown at once when they are young, and asked for again after a change. */
import { QueryClient } from '@tanstack/vue-query'
import { NetworkFailure } from '@/api'

const YOUNG_MS = 15_000

export const makeQueries = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: YOUNG_MS,
        refetchOnWindowFocus: false,
        // A refusal stays one; only what did not arrive is worth a second try.
        retry: (tries, failure) => failure instanceof NetworkFailure && tries < 1,
      },
    },
  })
