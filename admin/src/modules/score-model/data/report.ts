/** The impact report as its charts and tables show it. */
import { count } from '@/formats'
import type { ChartData } from '@/ui/chart'
import { zh } from '../locales/versions'
import type { ShadowRun } from './versions'

export type Report = NonNullable<ShadowRun['report']>
export type Kind = 'district' | 'age' | 'sex'
export type MovedGroup = NonNullable<Report['groups']>[Kind][number]
export const KINDS: readonly Kind[] = ['district', 'age', 'sex']

/** Names of what stands in codes; districts and levels are the city's. */
export interface Names {
  district(key: string): string
  level(code: string): string
  indicator(code: string): string
}

/** Points with one decimal, from thousandths. */
export const points = (milli: number): string => (milli / 1000).toFixed(1)
export const signedPoints = (milli: number): string => `${milli > 0 ? '+' : ''}${points(milli)}`

export function groupName(kind: Kind, keys: readonly string[], names: Names): string {
  const one = (key: string) => {
    if (kind === 'district') return names.district(key)
    return (kind === 'age' ? zh.ages[key] : zh.sexes[key]) ?? key
  }
  return keys.map(one).join('、')
}

/** `[["down"], ["same", "up"]]` in words: what was merged stands together. */
export const columnNames = (columns: readonly (readonly string[])[]): string[] =>
  columns.map((column) => column.map((name) => zh.moves[name] ?? name).join(zh.or))

export const movesOf = (group: MovedGroup, place: number): string =>
  group.moves ? count(group.moves[place] ?? 0) : zh.unsaid

const series = (parts: readonly { before: number; after?: number | null }[]) => {
  const now = { name: zh.before, values: parts.map(({ before }) => before) }
  const isAfterTold = parts.every(({ after }) => after != null)
  return isAfterTold ? [now, { name: zh.after, values: parts.map(({ after }) => after ?? 0) }] : [now]
}

export function byLevel({ levels = [] }: Report, names: Names): ChartData {
  return { labels: levels.map((part) => part.levels.map(names.level).join(zh.or)), series: series(levels) }
}

export function byScore({ scores = [] }: Report): ChartData {
  const labels = scores.map(({ from_milli, to_milli }) => zh.stepOf(from_milli / 1000, to_milli / 1000))
  return { labels, series: series(scores) }
}

export function reasonsOf(report: Report, direction: 'up' | 'down', names: Names): ChartData {
  const reasons = report.reasons?.[direction] ?? []
  return {
    labels: reasons.map(({ reason }) => zh.reasons[reason] ?? names.indicator(reason)),
    series: [{ name: zh.people, values: reasons.map(({ people }) => people) }],
  }
}

export const isAfterTold = ({ levels = [] }: Report): boolean => levels.every(({ after }) => after != null)
