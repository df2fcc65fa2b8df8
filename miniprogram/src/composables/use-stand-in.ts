/** In a trial: a question in place of what WeChat would show. Whoever plays says how it goes, or goes back. */
import { ref } from 'vue'

export function useStandIn() {
  const isAsked = ref(false)
  let reply: (given: boolean | null) => void = () => undefined

  function ask(): Promise<boolean | null> {
    isAsked.value = true
    return new Promise((resolve) => (reply = resolve))
  }

  function answer(given: boolean | null): void {
    isAsked.value = false
    reply(given)
  }

  return { isAsked, ask, answer }
}
