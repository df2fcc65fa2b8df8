/** An incentive in the words of the resident's own page. */
import { zh as all } from '../locales/zh'
import type { Page } from './incentives'

const zh = all.page

export interface Names {
  level(code: string): string
  category(code: string): string
  district(key: string): string
}

export function factsOf(page: Page, names: Names): [name: string, text: string][] {
  const facts: [string, string | null][] = [
    [zh.needs, needs(page, names)],
    [zh.dates, zh.span(page.valid_from, page.valid_until) + (page.voucher_days ? zh.voucherDays(page.voucher_days) : '')],
    [zh.when, when(page)],
    [zh.limit, limit(page)],
    [zh.left, page.remaining == null ? null : zh.leftOf(page.remaining)],
    [zh.districts, page.districts.map(names.district).join('、') || names.district('')],
    [zh.category, page.category && names.category(page.category)],
    [zh.contact, page.contact],
  ]
  return facts.filter((fact): fact is [string, string] => !!fact[1])
}

function needs({ needs: { level, score, score_milli: milli } }: Page, names: Names): string | null {
  if (level) return zh.level(names.level(level))
  return milli == null ? null : zh.score(score ?? '')
}

function when({ days, hours }: Page): string | null {
  if (!days && !hours) return null
  return [days ? days.map((day) => all.weekdays[day] ?? day).join('、') : zh.everyDay, hours].filter(Boolean).join(' ')
}

function limit({ form, limit: { period, times }, uses }: Page): string {
  const word = all.periods[period] ?? period
  if (form === 'standing') return zh.usesOf(word, times)
  return zh.claims(word, times) + (uses > 1 ? zh.usesEach(uses) : '')
}
