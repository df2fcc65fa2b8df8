import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { call, type Schema } from '@/api'

/** What the city says of itself: names, levels, districts, help. It hardly changes, so one asks once. */
export const useCity = defineStore('city', () => {
  const city = shallowRef<Schema['City'] | null>(null)
  let asking: Promise<Schema['City']> | null = null

  async function get(): Promise<Schema['City']> {
    if (city.value) return city.value
    asking ??= call('get', '/api/v1/public/city').finally(() => (asking = null))
    city.value = await asking
    return city.value
  }

  return { city, get }
})
