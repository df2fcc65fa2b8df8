import type { RouteRecordRaw } from 'vue-router'
import { READING_SETTINGS } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./views/SettingsPage.vue'),
    meta: { permissions: READING_SETTINGS },
  },
]
