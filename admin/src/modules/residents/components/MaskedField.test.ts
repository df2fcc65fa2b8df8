// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { mountAt } from '../../../../tests/unit/router'
import MaskedField from './MaskedField.vue'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

async function open() {
  const hidden_at = new Date(Date.now() + 60_000).toISOString()
  const service = vi.fn(async () => Response.json({ value: '欧阳晓燕', hidden_at }))
  vi.stubGlobal('fetch', service)
  const props = { lookUpId: '1', field: 'name', name: '姓名', masked: '欧**燕' }
  const { wrapper } = await mountAt('/', MaskedField, { props })
  await wrapper.get('button').trigger('click')
  await flushPromises()
  return { wrapper, service }
}

it('shows the field in clear, and hides it after a minute', async () => {
  const { wrapper } = await open()
  expect(wrapper.text()).toContain('欧阳晓燕')
  expect(wrapper.text()).toContain('60 秒后隐去')
  vi.advanceTimersByTime(59_000)
  await flushPromises()
  expect(wrapper.text()).toContain('欧阳晓燕')
  vi.advanceTimersByTime(1_000)
  await flushPromises()
  expect(wrapper.text()).not.toContain('欧阳晓燕')
  expect(wrapper.text()).toContain('欧**燕')
})

it('hides it at once when asked to, and asks the service anew for another look', async () => {
  const { wrapper, service } = await open()
  await wrapper.get('button').trigger('click')
  expect(wrapper.text()).not.toContain('欧阳晓燕')
  await wrapper.get('button').trigger('click')
  await flushPromises()
  expect(service).toHaveBeenCalledTimes(2)
})
