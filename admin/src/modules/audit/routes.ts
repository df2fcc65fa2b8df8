import type { RouteRecordRaw } from 'vue-router'
import { READING_AUDIT } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/audit', name: 'audit', component: () => import('./views/AuditEvents.vue'), meta: { permissions: READING_AUDIT } },
]
