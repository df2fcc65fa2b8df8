import type { RouteRecordRaw } from 'vue-router'
import { READING } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/reports', name: 'reports', component: () => import('./views/ReportList.vue'), meta: { permissions: READING } },
  {
    path: '/reports/:id',
    name: 'report',
    component: () => import('./views/ReportPage.vue'),
    props: true,
    meta: { permissions: READING, under: 'reports' },
  },
]
