import type { RouteRecordRaw } from 'vue-router'
import { READING } from './data/permissions'

const meta = { permissions: READING }

export const routes: RouteRecordRaw[] = [
  { path: '/incentives', name: 'incentives', component: () => import('./views/IncentiveList.vue'), meta },
  {
    path: '/incentives/:id',
    name: 'incentive',
    component: () => import('./views/IncentivePage.vue'),
    props: true,
    meta: { ...meta, under: 'incentives' },
  },
  { path: '/incentive-drafts', name: 'incentive-drafts', component: () => import('./views/DraftList.vue'), meta },
  {
    path: '/incentive-drafts/:id',
    name: 'incentive-draft',
    component: () => import('./views/DraftPage.vue'),
    props: true,
    meta: { ...meta, under: 'incentive-drafts' },
  },
]
