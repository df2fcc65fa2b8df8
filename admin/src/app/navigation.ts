/** What stands in the main menu: only what is there, and of it what one may see. */
import { ChartBarIcon, HomeIcon, SecuredIcon, UsergroupIcon } from 'tdesign-icons-vue-next'
import type { Component } from 'vue'
import { zh as common } from '@/locales/zh'
import { READING_FIGURES } from '@/modules/figures/data/permissions'
import { zh as figures } from '@/modules/figures/locales/zh'
import { zh as staff } from '@/modules/staff/locales/zh'
import { READING_ROLES, READING_STAFF } from '@/modules/staff/data/permissions'

export interface Entry {
  name: string
  text: string
  icon: Component
  about: string
  permissions?: readonly string[]
}

export const HOME: Entry = { name: 'home', text: common.home, icon: HomeIcon, about: '' }
export const ENTRIES: readonly Entry[] = [
  { name: 'figures', text: figures.title, icon: ChartBarIcon, about: figures.about, permissions: READING_FIGURES },
  { name: 'staff', text: staff.title, icon: UsergroupIcon, about: staff.about, permissions: READING_STAFF },
  { name: 'roles', text: staff.roles.title, icon: SecuredIcon, about: staff.roles.about, permissions: READING_ROLES },
]

export const entriesFor = (may: (permissions?: readonly string[]) => boolean): Entry[] =>
  ENTRIES.filter(({ permissions }) => may(permissions))
