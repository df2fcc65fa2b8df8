import type { RouteRecordRaw } from 'vue-router'
import { READING_FIGURES } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/figures', name: 'figures', component: () => import('./views/FiguresPage.vue'), meta: { permissions: READING_FIGURES } },
]
