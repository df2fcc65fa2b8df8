import type { RouteRecordRaw } from 'vue-router'
import { READING_SCORE_MODEL } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  {
    path: '/score-model',
    name: 'score-model',
    component: () => import('./views/ScoreModel.vue'),
    meta: { permissions: READING_SCORE_MODEL },
  },
]
