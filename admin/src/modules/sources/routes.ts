import type { RouteRecordRaw } from 'vue-router'
import { READING_RECORDS } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/sources', name: 'sources', component: () => import('./views/SourceList.vue'), meta: { permissions: READING_RECORDS } },
  {
    path: '/sources/:id',
    name: 'source',
    component: () => import('./views/SourcePage.vue'),
    props: true,
    meta: { permissions: READING_RECORDS, under: 'sources' },
  },
  { path: '/batches', name: 'batches', component: () => import('./views/BatchList.vue'), meta: { permissions: READING_RECORDS } },
  {
    path: '/batches/:id',
    name: 'batch',
    component: () => import('./views/BatchPage.vue'),
    props: true,
    meta: { permissions: READING_RECORDS, under: 'batches' },
  },
]
