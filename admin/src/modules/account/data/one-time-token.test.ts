// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { expect, it } from 'vitest'
import { mountAt } from '../../../../tests/unit/router'
import { useOneTimeToken } from './one-time-token'

const Page = defineComponent(() => {
  const token = useOneTimeToken()
  return () => h('p', token.value)
})

it('takes the token out of the address, and a second one opened on the same page counts', async () => {
  const { wrapper, router } = await mountAt('/things?token=first', Page)
  await flushPromises()
  expect([wrapper.text(), router.currentRoute.value.fullPath]).toEqual(['first', '/things'])
  await router.push('/things?token=second')
  await flushPromises()
  expect([wrapper.text(), router.currentRoute.value.fullPath]).toEqual(['second', '/things'])
})
