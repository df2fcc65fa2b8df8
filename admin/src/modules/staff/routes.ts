import type { RouteRecordRaw } from 'vue-router'
import { READING_ROLES, READING_STAFF } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/staff', name: 'staff', component: () => import('./views/StaffList.vue'), meta: { permissions: READING_STAFF } },
  {
    path: '/staff/:id',
    name: 'staff-member',
    component: () => import('./views/StaffMember.vue'),
    props: true,
    meta: { permissions: READING_STAFF, under: 'staff' },
  },
  { path: '/roles', name: 'roles', component: () => import('./views/RoleList.vue'), meta: { permissions: READING_ROLES } },
]
