/** Addresses stand behind `#`: the service sees none of them, and every one can be opened directly. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { routes as account } from '@/modules/account/routes'
import { routes as audit } from '@/modules/audit/routes'
import { routes as figures } from '@/modules/figures/routes'
import { routes as incentives } from '@/modules/incentives/routes'
import { routes as reports } from '@/modules/reports/routes'
import { routes as residents } from '@/modules/residents/routes'
import { routes as scoreModel } from '@/modules/score-model/routes'
import { routes as settings } from '@/modules/settings/routes'
import { routes as shops } from '@/modules/shops/routes'
import { routes as sources } from '@/modules/sources/routes'
import { routes as staff } from '@/modules/staff/routes'
import { routes as units } from '@/modules/units/routes'
import { routes as vouchers } from '@/modules/vouchers/routes'
import { useSession } from '@/stores/session'
import HomePage from './HomePage.vue'
import { rememberQuery } from '@/composables/last-query'

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'home', component: HomePage },
      ...account,
      ...figures,
      ...incentives,
      ...vouchers,
      ...residents,
      ...scoreModel,
      ...sources,
      ...audit,
      ...settings,
      ...staff,
      ...units,
      ...shops,
      ...reports,
      { path: '/:rest(.*)*', name: 'missing', component: () => import('./NotThere.vue') },
    ],
    scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
  })

  router.beforeEach(async (to) => {
    const session = useSession()
    if (session.stage === 'unknown') await session.load()
    if (to.meta.open) return to.name === 'sign-in' && session.isIn ? { name: 'home' } : true
    if (session.stage === 'none') return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
    return true
  })
  router.afterEach((to) => rememberQuery(to))
  return router
}
