// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { mountAt } from '../../../../tests/unit/router'
import type { SavedView } from '../data/views'
import SavedViews from './SavedViews.vue'

const usual: SavedView = { id: '1', name: '本月未使用', query: { state: 'issued', sort: 'oldest' }, is_default: true }
const other: SavedView = { id: '2', name: '已撤销', query: { state: 'reversed' }, is_default: false }
const json = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })

async function open(address: string) {
  vi.stubGlobal('fetch', async () => json({ items: [usual, other] }))
  const mounted = await mountAt(address, SavedViews, { props: { list: 'vouchers' } })
  await flushPromises()
  await flushPromises()
  return mounted
}
afterEach(() => vi.unstubAllGlobals())

it('opens the default view where the address asks for nothing else', async () => {
  const { router, wrapper } = await open('/vouchers')
  expect(router.currentRoute.value.query).toEqual(usual.query)
  expect(wrapper.get('[aria-current="true"]').text()).toBe('本月未使用')
})

it('leaves an address alone that was sent or chosen, and what was cleared', async () => {
  const { router } = await open('/vouchers?state=reversed')
  expect(router.currentRoute.value.query).toEqual({ state: 'reversed' })
  await router.replace({ query: {} })
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({})
})

it('offers every view as an address', async () => {
  const { wrapper } = await open('/vouchers?cursor=abc&state=reversed')
  expect(wrapper.findAll('a').map((link) => link.attributes('href'))).toEqual([
    '/vouchers?state=issued&sort=oldest',
    '/vouchers?state=reversed',
  ])
  expect(wrapper.get('[aria-current="true"]').text()).toBe('已撤销')
})
