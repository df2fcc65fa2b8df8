/** A page mounted as in the console: with an address, kept answers and a session. */
import { mount, type ComponentMountingOptions } from '@vue/test-utils'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter, type RouteRecordRaw } from 'vue-router'
import { makeQueries } from '@/app/queries'

const nothing = { template: '<i />' }

export async function mountAt(
  address: string,
  component: Component,
  { routes = [] as RouteRecordRaw[], ...options }: ComponentMountingOptions<unknown> & { routes?: RouteRecordRaw[] } = {},
) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [...routes, { path: '/:rest(.*)*', component: nothing }],
  })
  await router.push(address)
  const wrapper = mount(component, {
    attachTo: document.body,
    ...options,
    global: { plugins: [router, createPinia(), [VueQueryPlugin, { queryClient: makeQueries() }]] },
  })
  return { wrapper, router }
}
