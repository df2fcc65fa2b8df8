// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { defineComponent } from 'vue'
import { expect, it } from 'vitest'
import { mountAt } from '../../tests/unit/router'
import { useFilters } from './use-filters'

const plain = { q: '', role: '', state: 'active' }

async function open(address: string) {
  let place!: ReturnType<typeof useFilters<typeof plain>>
  const List = defineComponent({
    setup: () => {
      place = useFilters(plain, { unseen: ['q'] })
      return () => null
    },
  })
  const { router } = await mountAt(address, List)
  return { place, router }
}

it('reads the address, and falls back to what is plain', async () => {
  const { place } = await open('/staff?role=reviewer&cursor=abc')
  expect(place.filters.value).toEqual({ q: '', role: 'reviewer', state: 'active' })
  expect([place.cursor.value, place.isNarrowed.value]).toEqual(['abc', true])
})

it('writes a choice into the address, and starts at the first page again', async () => {
  const { place, router } = await open('/staff?role=reviewer&cursor=abc')
  await place.set({ state: 'suspended' })
  expect(router.currentRoute.value.query).toEqual({ role: 'reviewer', state: 'suspended' })
  await place.set({ role: '', state: 'active' })
  expect(router.currentRoute.value.query).toEqual({})
  expect(place.isNarrowed.value).toBe(false)
})

it('keeps a name that is searched out of the address', async () => {
  const { place, router } = await open('/staff')
  await place.set({ q: '王建国' })
  await flushPromises()
  expect(place.filters.value.q).toBe('王建国')
  expect(router.currentRoute.value.fullPath).toBe('/staff')
  await place.reset()
  expect(place.filters.value.q).toBe('')
})
