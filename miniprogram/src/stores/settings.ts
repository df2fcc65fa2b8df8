import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { showTheme } from '@/platform/appearance'
import { onNetworkChange } from '@/platform/network'
import * as storage from '@/platform/storage'

export type Theme = 'standard' | 'elder'
const KEY = 'settings.theme'

/** How the app looks on this phone, and whether the phone has a network. */
export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>(storage.read<Theme>(KEY) === 'elder' ? 'elder' : 'standard')
  const isElder = computed(() => theme.value === 'elder')
  const isOnline = ref(true)

  function start(): void {
    showTheme(isElder.value)
    onNetworkChange((online) => (isOnline.value = online))
  }

  function choose(chosen: Theme): void {
    theme.value = chosen
    storage.write(KEY, chosen)
    showTheme(isElder.value)
  }

  return { theme, isElder, isOnline, start, choose }
})
