import type { RouteRecordRaw } from 'vue-router'
import { zh } from './locales/zh'
import SignIn from './views/SignIn.vue'

const open = { open: true }

export const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: SignIn, meta: open },
  { path: '/set-up', name: 'set-up', component: () => import('./views/SetUp.vue'), meta: open },
  { path: '/invitation', name: 'invitation', component: () => import('./views/AcceptInvitation.vue'), meta: open },
  { path: '/forgot-password', name: 'forgot-password', component: () => import('./views/ForgotPassword.vue'), meta: open },
  { path: '/password-reset', name: 'new-password', component: () => import('./views/NewPasswordPage.vue'), meta: open },
  { path: '/account', name: 'account', component: () => import('./views/MyAccount.vue'), meta: { title: zh.own.title } },
]
