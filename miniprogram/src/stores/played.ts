import { defineStore } from 'pinia'
import { ref } from 'vue'

/** In a trial: which invented person signed in, and what they would type. Kept in memory only. */
export const usePlayed = defineStore('played', () => {
  const user = ref('')
  const entries = ref<Record<string, string>>({})
  return { user, entries }
})
