/** The token of a one-time link: taken out of the address at once, so that it stays in no history. A second link
 *  may be opened where the first still stands, which the browser takes for the same page. */
import { ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useOneTimeToken(): Ref<string> {
  const route = useRoute()
  const router = useRouter()
  const token = ref('')
  watch(
    () => route.query.token,
    (given) => {
      if (typeof given !== 'string' || !given) return
      token.value = given
      void router.replace({ query: {} })
    },
    { immediate: true },
  )
  return token
}
