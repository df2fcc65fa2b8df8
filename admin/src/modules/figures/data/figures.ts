/** The figures of a range of days, and what the page's tiles and charts make of them. */
import { answer, client, type Answer } from '@/api'
import type { ChartData } from '@/ui/chart'
import { dayOf } from '@/formats'
import { zh } from '../locales/zh'

export type Figures = Answer<'get', '/api/v1/office/figures'>

export interface FiguresFilters extends Record<string, string> {
  range: string
  from: string
  to: string
  district: string
}

const DAY_MS = 86_400_000

/** The days that are asked for: the last so many, or those somebody chose. */
export function daysOf({ range, from, to }: FiguresFilters, now = Date.now()): { from?: string; to?: string } {
  if (range === 'own') return { from: from || undefined, to: to || undefined }
  return { from: dayOf(now - (Number(range) - 1) * DAY_MS), to: dayOf(now) }
}

export const getFigures = (filters: FiguresFilters): Promise<Figures> =>
  answer(
    client.GET('/api/v1/office/figures', {
      params: { query: { ...daysOf(filters), district: filters.district || undefined } },
    }),
  )

export type UnitFigures = Answer<'get', '/api/v1/partner/figures'>

export const getUnitFigures = (filters: FiguresFilters): Promise<UnitFigures> =>
  answer(client.GET('/api/v1/partner/figures', { params: { query: daysOf(filters) } }))

export function unitTotals({ days }: UnitFigures) {
  const sum = (name: 'claims' | 'redemptions' | 'amount_fen') => days.reduce((total, each) => total + each[name], 0)
  return { claims: sum('claims'), redemptions: sum('redemptions'), amountFen: sum('amount_fen') }
}

export function totals({ districts }: Figures) {
  const sum = (name: 'residents' | 'scored' | 'active' | 'claims' | 'redemptions' | 'amount_fen') =>
    districts.reduce((total, each) => total + each[name], 0)
  return {
    residents: sum('residents'),
    scored: sum('scored'),
    active: sum('active'),
    claims: sum('claims'),
    redemptions: sum('redemptions'),
    amountFen: sum('amount_fen'),
  }
}

export function usesByDay({ days }: Pick<UnitFigures, 'days'>): ChartData {
  return {
    labels: days.map(({ day }) => day),
    series: [
      { name: zh.charts.claims, values: days.map(({ claims }) => claims) },
      { name: zh.charts.redemptions, values: days.map(({ redemptions }) => redemptions) },
    ],
  }
}

/** Days on which nobody counted the residents are left out. */
export function residentsByDay({ days }: Figures): ChartData {
  const counted = days.filter(({ residents }) => residents !== null)
  return {
    labels: counted.map(({ day }) => day),
    series: [
      { name: zh.charts.residentsAll, values: counted.map(({ residents }) => residents ?? 0) },
      { name: zh.charts.scored, values: counted.map(({ scored }) => scored ?? 0) },
      { name: zh.charts.active, values: counted.map(({ active }) => active ?? 0) },
    ],
  }
}

export function scoredByDistrict({ districts }: Figures, nameOf: (key: string) => string): ChartData {
  const peopled = districts.filter(({ district }) => district)
  return {
    labels: peopled.map(({ district }) => nameOf(district)),
    series: [
      { name: zh.charts.residentsAll, values: peopled.map(({ residents }) => residents) },
      { name: zh.charts.scored, values: peopled.map(({ scored }) => scored) },
    ],
  }
}

export function mostUsed({ incentives }: Pick<Figures, 'incentives'>, isOwn = false): ChartData {
  return {
    labels: incentives.map(({ title, unit_name }) => zh.charts.byUnit(title, isOwn ? null : unit_name)),
    series: [
      { name: zh.charts.redemptions, values: incentives.map(({ redemptions }) => redemptions) },
      { name: zh.charts.claims, values: incentives.map(({ claims }) => claims) },
    ],
  }
}

export interface Covered {
  district: string
  permanent: number
  scored: number
}

/** The districts shown, each with how many people live there and how many of them have a score. */
export function coverage({ districts, permanent_residents: known }: Figures): Covered[] | null {
  if (!known) return null
  return districts
    .filter(({ district }) => district in known.by_district)
    .map(({ district, scored }) => ({ district, scored, permanent: known.by_district[district] ?? 0 }))
}
