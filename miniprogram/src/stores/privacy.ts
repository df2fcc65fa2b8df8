import { defineStore } from 'pinia'
import { ref } from 'vue'
import { onPrivacyQuestion, type PrivacyAnswer } from '@/platform/privacy'

/** WeChat's open question about privacy, shown by whichever page is on top. */
export const usePrivacy = defineStore('privacy', () => {
  const isAsked = ref(false)
  let reply: ((given: PrivacyAnswer) => void) | null = null

  onPrivacyQuestion((answer) => {
    reply = answer
    isAsked.value = true
  })

  function answer(given: PrivacyAnswer): void {
    isAsked.value = false
    reply?.(given)
    reply = null
  }

  return { isAsked, answer }
})
