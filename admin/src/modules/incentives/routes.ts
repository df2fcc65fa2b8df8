import type { RouteRecordRaw } from 'vue-router'
import { READING, WRITING } from './data/permissions'

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
  {
    path: '/incentive-sheets',
    name: 'incentive-sheets',
    component: () => import('./views/SheetList.vue'),
    meta: { permissions: WRITING, under: 'incentives' },
  },
  {
    path: '/incentive-sheets/:id',
    name: 'incentive-sheet',
    component: () => import('./views/SheetPage.vue'),
    props: true,
    meta: { permissions: WRITING, under: 'incentives' },
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
