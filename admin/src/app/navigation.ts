/** What stands in the main menu: only what is there, and of it what one may see. */
import {
  Building1Icon,
  ChartBarIcon,
  ChartLineIcon,
  ChatBubbleHelpIcon,
  CheckRectangleIcon,
  CouponIcon,
  DataBaseIcon,
  DiscountIcon,
  EditIcon,
  FileImportIcon,
  FileSearchIcon,
  GitBranchIcon,
  HistoryIcon,
  HomeIcon,
  RulerIcon,
  SecuredIcon,
  SettingIcon,
  Shop5Icon,
  StoreIcon,
  TimeIcon,
  UsergroupIcon,
  VerifyIcon,
} from 'tdesign-icons-vue-next'
import type { Component } from 'vue'
import { zh as common } from '@/locales/zh'
import { READING_AUDIT } from '@/modules/audit/data/permissions'
import { zh as audit } from '@/modules/audit/locales/zh'
import { READING_FIGURES, READING_UNIT_FIGURES } from '@/modules/figures/data/permissions'
import { zh as figures } from '@/modules/figures/locales/zh'
import { READING as READING_INCENTIVES } from '@/modules/incentives/data/permissions'
import { zh as incentives } from '@/modules/incentives/locales/zh'
import { READING as READING_REPORTS } from '@/modules/reports/data/permissions'
import { zh as reports } from '@/modules/reports/locales/zh'
import { LOOKING_UP } from '@/modules/residents/data/permissions'
import { zh as residents } from '@/modules/residents/locales/zh'
import { READING_SCORE_MODEL } from '@/modules/score-model/data/permissions'
import { fairness, zh as scoreRuns } from '@/modules/score-model/locales/runs'
import { zh as scoreVersions } from '@/modules/score-model/locales/versions'
import { zh as scoreModel } from '@/modules/score-model/locales/zh'
import { READING_SETTINGS } from '@/modules/settings/data/permissions'
import { zh as settings } from '@/modules/settings/locales/zh'
import { READING_LISTS } from '@/modules/vouchers/data/permissions'
import { zh as vouchers } from '@/modules/vouchers/locales/zh'
import { READING as READING_SHOPS } from '@/modules/shops/data/permissions'
import { zh as shops } from '@/modules/shops/locales/zh'
import { READING_RECORDS } from '@/modules/sources/data/permissions'
import { zh as sources } from '@/modules/sources/locales/zh'
import { zh as staff } from '@/modules/staff/locales/zh'
import { READING_ROLES, READING_STAFF } from '@/modules/staff/data/permissions'
import { READING_UNIT, READING_UNITS } from '@/modules/units/data/permissions'
import { zh as units } from '@/modules/units/locales/zh'

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
  { name: 'own-unit', text: units.own.title, icon: Shop5Icon, about: units.own.about, permissions: READING_UNIT },
  {
    name: 'unit-figures',
    text: figures.unit.title,
    icon: ChartBarIcon,
    about: figures.unit.about,
    permissions: READING_UNIT_FIGURES,
  },
  { name: 'units', text: units.units.title, icon: Building1Icon, about: units.units.about, permissions: READING_UNITS },
  { name: 'shops', text: shops.title, icon: StoreIcon, about: shops.about, permissions: READING_SHOPS },
  { name: 'reports', text: reports.title, icon: ChatBubbleHelpIcon, about: reports.about, permissions: READING_REPORTS },
  { name: 'unit-applications', text: units.list.title, icon: VerifyIcon, about: units.list.about, permissions: READING_UNITS },
  { name: 'incentives', text: incentives.title, icon: DiscountIcon, about: incentives.about, permissions: READING_INCENTIVES },
  { name: 'incentive-drafts', text: incentives.drafts, icon: EditIcon, about: incentives.draftsAbout, permissions: READING_INCENTIVES },
  { name: 'vouchers', text: vouchers.title, icon: CouponIcon, about: vouchers.about, permissions: READING_LISTS },
  {
    name: 'redemptions',
    text: vouchers.redemptions.title,
    icon: CheckRectangleIcon,
    about: vouchers.redemptions.about,
    permissions: READING_LISTS,
  },
  { name: 'residents', text: residents.title, icon: FileSearchIcon, about: residents.about, permissions: LOOKING_UP },
  { name: 'score-model', text: scoreModel.title, icon: RulerIcon, about: scoreModel.about, permissions: READING_SCORE_MODEL },
  { name: 'sources', text: sources.title, icon: DataBaseIcon, about: sources.about, permissions: READING_RECORDS },
  { name: 'batches', text: sources.batches.title, icon: FileImportIcon, about: sources.batches.about, permissions: READING_RECORDS },
  {
    name: 'score-model-versions',
    text: scoreVersions.title,
    icon: GitBranchIcon,
    about: scoreVersions.about,
    permissions: READING_SCORE_MODEL,
  },
  { name: 'score-runs', text: scoreRuns.title, icon: TimeIcon, about: scoreRuns.about, permissions: READING_SCORE_MODEL },
  { name: 'score-fairness', text: fairness.title, icon: ChartLineIcon, about: fairness.about, permissions: READING_SCORE_MODEL },
  { name: 'staff', text: staff.title, icon: UsergroupIcon, about: staff.about, permissions: READING_STAFF },
  { name: 'roles', text: staff.roles.title, icon: SecuredIcon, about: staff.roles.about, permissions: READING_ROLES },
  { name: 'settings', text: settings.title, icon: SettingIcon, about: settings.about, permissions: READING_SETTINGS },
  { name: 'audit', text: audit.title, icon: HistoryIcon, about: audit.about, permissions: READING_AUDIT },
]

export const entriesFor = (may: (permissions?: readonly string[]) => boolean): Entry[] =>
  ENTRIES.filter(({ permissions }) => may(permissions))
