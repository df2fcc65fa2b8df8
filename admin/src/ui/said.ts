/** A word about what has just succeeded, shown for a while and read aloud. */
import { readonly, ref } from 'vue'

const SHOWN_MS = 6000
const text = ref('')
let timer: ReturnType<typeof setTimeout> | undefined

export const said = readonly(text)

export function say(words: string): void {
  clearTimeout(timer)
  text.value = words
  timer = setTimeout(() => (text.value = ''), SHOWN_MS)
}
