/** An incentive in full, and what this person can do with it now. */
import { call, type Schema } from '@/api'
import { thresholdInWords } from '@/pages/incentives/data/incentive-rows'
import { dayInWords } from '@/wording/days'
import { zh } from '../locales/zh'
import { toShopRow, type ShopRow } from './shops'

export type Detail = Schema['IncentiveDetail'] & Partial<Schema['IncentiveDetailForMe']>

/** What the button at the bottom is for; `closed` says why there is none. */
export type Next =
  | { kind: 'claim' | 'claimed' | 'show' | 'guest' | 'identity' | 'consent' }
  | { kind: 'closed' | 'points'; text: string }

export interface DetailView {
  id: string
  title: string
  benefit: string
  summary: string
  isExample: boolean
  form: string
  facts: { name: string; value: string }[]
  terms: string[]
  shops: ShopRow[]
  unit: { id: string; name: string } | null
  next: Next
}

export function fetchIncentive(id: string, isResident: boolean): Promise<Detail> {
  const path = { incentive_id: id }
  return isResident
    ? call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
    : call('get', '/api/v1/public/incentives/{incentive_id}', { path })
}

export const claim = (incentiveId: string, key: string) =>
  call('post', '/api/v1/resident/vouchers', { key, body: { incentive_id: incentiveId } })

type Names = Pick<Schema['City'], 'levels' | 'districts' | 'categories'>

export function toDetailView(detail: Detail, city: Names, isResident: boolean): DetailView {
  return {
    id: detail.id,
    title: detail.title,
    benefit: detail.benefit,
    summary: detail.summary,
    isExample: detail.example,
    form: detail.form === 'voucher' ? zh.voucher : zh.standing,
    facts: factsOf(detail, city),
    terms: detail.needs_match ? [...detail.terms, zh.needsMatch] : detail.terms,
    shops: detail.shops.map((shop) => toShopRow(shop, city.districts)),
    unit: detail.unit_id && detail.unit_name ? { id: detail.unit_id, name: detail.unit_name } : null,
    next: nextOf(detail, isResident),
  }
}

function factsOf(detail: Detail, city: Names) {
  const isVoucher = detail.form === 'voucher'
  const facts: [string, string | null][] = [
    [zh.facts.needs, thresholdInWords(detail.needs, city.levels)],
    [
      zh.facts.dates,
      zh.dates(dayInWords(detail.valid_from), dayInWords(detail.valid_until)) +
        (detail.voucher_days ? zh.voucherDays(detail.voucher_days) : ''),
    ],
    [zh.facts.when, whenInWords(detail)],
    [zh.facts.limit, limitInWords(detail)],
    [zh.facts.left, isVoucher && detail.remaining !== null ? zh.left(detail.remaining) : null],
    [zh.facts.giveBack, detail.has_return ? zh.givesBack : null],
    [zh.facts.districts, districtsInWords(detail, city)],
    [zh.facts.category, city.categories.find(({ code }) => code === detail.category)?.name ?? null],
    // A unit with a page of its own has a row of its own.
    [zh.facts.unit, detail.unit_id ? null : detail.unit_name],
    [zh.facts.contact, detail.contact],
    [zh.facts.source, sourceInWords(detail)],
  ]
  return facts.flatMap(([name, value]) => (value ? [{ name, value }] : []))
}

/** No district named means the whole city. */
function districtsInWords({ districts }: Detail, city: Names): string {
  const named = districts.map((key) => city.districts.find((each) => each.key === key)?.name ?? key)
  return named.join('、') || zh.everywhere
}

function sourceInWords({ source }: Detail): string | null {
  if (!source) return null
  const said = source.published_on ? zh.published(source.name, dayInWords(source.published_on)) : source.name
  return [said, source.note].filter(Boolean).join('。')
}

function whenInWords({ days, hours }: Detail): string | null {
  if (!days && !hours) return null
  const named = days ? days.map((day) => zh.days[day] ?? day).join('、') : zh.everyDay
  return [named, hours].filter(Boolean).join(' ')
}

function limitInWords({ form, limit, uses }: Detail): string {
  const period = zh.periods[limit.period] ?? ''
  if (form !== 'voucher') return zh.usesOf(period, limit.times)
  return zh.claims(period, limit.times) + (uses > 1 ? zh.usesEach(uses) : '')
}

function nextOf(detail: Detail, isResident: boolean): Next {
  if (!detail.claimable) return { kind: 'closed', text: detail.unavailable_reason ?? '' }
  if (!isResident) return { kind: 'guest' }
  const { missing } = detail
  if (missing?.kind === 'identity') return { kind: 'identity' }
  if (missing?.kind === 'consent') return { kind: 'consent' }
  if (missing?.kind === 'points') return { kind: 'points', text: zh.closed.points(missing.points ?? '') }
  if (!detail.eligible) return { kind: 'closed', text: zh.closed.score }
  if (detail.form === 'voucher' && detail.remaining_for_me === 0) return { kind: 'claimed' }
  if (detail.form === 'voucher' && detail.remaining === 0) return { kind: 'closed', text: zh.closed.soldOut }
  if (detail.remaining_for_me === 0) return { kind: 'closed', text: zh.closed.limit }
  return { kind: detail.form === 'voucher' ? 'claim' : 'show' }
}
