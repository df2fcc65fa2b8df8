import type { RouteRecordRaw } from 'vue-router'
import { READING_FIGURES, READING_UNIT_FIGURES } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  { path: '/figures', name: 'figures', component: () => import('./views/FiguresPage.vue'), meta: { permissions: READING_FIGURES } },
  {
    path: '/unit-figures',
    name: 'unit-figures',
    component: () => import('./views/UnitFigures.vue'),
    meta: { permissions: READING_UNIT_FIGURES },
  },
]
