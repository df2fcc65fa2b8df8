/** The token of a one-time link: taken out of the address at once, so that it stays in no history. */
import { useRoute, useRouter } from 'vue-router'

export function useOneTimeToken(): string {
  const route = useRoute()
  const router = useRouter()
  const token = typeof route.query.token === 'string' ? route.query.token : ''
  if (token) void router.replace({ query: {} })
  return token
}
