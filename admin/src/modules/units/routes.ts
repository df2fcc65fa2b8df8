import type { RouteRecordRaw } from 'vue-router'
import { READING_UNIT, READING_UNITS } from './data/permissions'

const open = { open: true }

export const routes: RouteRecordRaw[] = [
  { path: '/apply', name: 'apply', component: () => import('./views/ApplyPage.vue'), meta: open },
  { path: '/application', name: 'application', component: () => import('./views/OwnApplication.vue'), meta: open },
  {
    path: '/commitments/:id',
    name: 'commitment',
    component: () => import('./views/CommitmentPage.vue'),
    props: true,
    meta: open,
  },
  { path: '/units', name: 'units', component: () => import('./views/UnitList.vue'), meta: { permissions: READING_UNITS } },
  {
    path: '/units/:id',
    name: 'unit',
    component: () => import('./views/UnitDetail.vue'),
    props: true,
    meta: { permissions: READING_UNITS, under: 'units' },
  },
  {
    path: '/unit-applications',
    name: 'unit-applications',
    component: () => import('./views/ApplicationList.vue'),
    meta: { permissions: READING_UNITS },
  },
  {
    path: '/unit-applications/:id',
    name: 'unit-application',
    component: () => import('./views/ApplicationReview.vue'),
    props: true,
    meta: { permissions: READING_UNITS, under: 'unit-applications' },
  },
  {
    path: '/unit/recheck',
    name: 'own-recheck',
    component: () => import('./views/OwnRecheck.vue'),
    meta: { permissions: READING_UNIT, under: 'own-unit' },
  },
  { path: '/unit', name: 'own-unit', component: () => import('./views/OwnUnit.vue'), meta: { permissions: READING_UNIT } },
]
