import type { RouteRecordRaw } from 'vue-router'
import { LOOKING_UP } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/residents', name: 'residents', component: () => import('./views/ResidentLookUp.vue'), meta: { permissions: LOOKING_UP } },
]
