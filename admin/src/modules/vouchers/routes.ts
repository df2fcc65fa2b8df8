import type { RouteRecordRaw } from 'vue-router'
import { READING_LISTS } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/vouchers', name: 'vouchers', component: () => import('./views/VoucherList.vue'), meta: { permissions: READING_LISTS } },
  {
    path: '/redemptions',
    name: 'redemptions',
    component: () => import('./views/RedemptionList.vue'),
    meta: { permissions: READING_LISTS },
  },
]
