import { defineStore } from 'pinia'
import { ref } from 'vue'

/** In a trial: what the invented person who signed in would type. Kept in memory only. */
export const usePlayed = defineStore('played', () => {
  const entries = ref<Record<string, string>>({})
  return { entries }
})
