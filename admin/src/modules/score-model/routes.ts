import type { RouteRecordRaw } from 'vue-router'
import { READING_SCORE_MODEL, WRITING_SCORE_MODEL } from './data/permissions'

export const routes: RouteRecordRaw[] = [
  {
    path: '/score-model',
    name: 'score-model',
    component: () => import('./views/ScoreModel.vue'),
    meta: { permissions: READING_SCORE_MODEL },
  },
  {
    path: '/score-runs',
    name: 'score-runs',
    component: () => import('./views/ScoreRuns.vue'),
    meta: { permissions: READING_SCORE_MODEL },
  },
  {
    path: '/score-fairness',
    name: 'score-fairness',
    component: () => import('./views/FairnessPage.vue'),
    meta: { permissions: READING_SCORE_MODEL },
  },
  {
    path: '/score-model/versions',
    name: 'score-model-versions',
    component: () => import('./views/VersionList.vue'),
    meta: { permissions: READING_SCORE_MODEL },
  },
  {
    path: '/score-model/versions/new',
    name: 'new-score-model-version',
    component: () => import('./views/VersionEditor.vue'),
    meta: { permissions: WRITING_SCORE_MODEL },
  },
  {
    path: '/score-model/versions/:id',
    name: 'score-model-version',
    component: () => import('./views/VersionPage.vue'),
    props: true,
    meta: { permissions: READING_SCORE_MODEL },
  },
  {
    path: '/score-model/versions/:id/edit',
    name: 'edit-score-model-version',
    component: () => import('./views/VersionEditor.vue'),
    props: true,
    meta: { permissions: WRITING_SCORE_MODEL },
  },
]
