import type { RouteRecordRaw } from 'vue-router'
import { MANAGING, READING } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/shops', name: 'shops', component: () => import('./views/ShopList.vue'), meta: { permissions: READING } },
  {
    path: '/shops/new',
    name: 'new-shop',
    component: () => import('./views/NewShop.vue'),
    meta: { permissions: MANAGING, under: 'shops' },
  },
  {
    path: '/shops/:id',
    name: 'shop',
    component: () => import('./views/ShopPage.vue'),
    props: true,
    meta: { permissions: READING, under: 'shops' },
  },
]
