/** Runs over the city, and how scores lay month by month. */
import { answer, client, keyed, type Answer } from '@/api'
import { count, percent } from '@/formats'
import type { ChartData } from '@/ui/chart'
import { fairness, zh } from '../locales/runs'
import { zh as versions } from '../locales/versions'
import { groupName, points, signedPoints, type Kind, type Names } from './report'

export type Run = Answer<'get', '/api/v1/office/score-runs'>['items'][number]
export type Month = Answer<'get', '/api/v1/office/score-months'>['items'][number]

export const listRuns = (_: Record<string, string>, cursor: string | undefined) =>
  answer(client.GET('/api/v1/office/score-runs', { params: { query: { cursor } } }))
export const orderRun = (key: string) => answer(client.POST('/api/v1/office/score-runs', { headers: keyed(key) }))
export const listMonths = async (): Promise<Month[]> => (await answer(client.GET('/api/v1/office/score-months'))).items

export const stateOf = ({ finished, ended_at }: Run): string =>
  finished ? zh.finished : ended_at ? zh.brokenOff : zh.underWay

export function progressOf({ done, people, seconds_left, finished }: Run): string {
  if (people === null) return '—'
  const told = zh.doneOf(count(finished ? people : done), count(people))
  return seconds_left === null ? told : `${told}，${zh.left(Math.round(seconds_left / 60))}`
}

export function lastedOf({ begun_at, ended_at }: Run): string {
  if (!ended_at) return '—'
  return zh.minutes(Math.round((Date.parse(ended_at) - Date.parse(begun_at)) / 60_000))
}

const counted = (months: readonly Month[]) => months.filter(({ figures }) => figures.groups)

/** A line for each group, the months in their order; a merged group's mean stands for each of its parts, and
 *  where a group is not told its line ends. */
export function meansByMonth(months: readonly Month[], kind: Kind, names: Names): ChartData {
  const inOrder = counted(months).toReversed()
  const keys = [...new Set(inOrder.flatMap(({ figures }) => figures.groups?.[kind].flatMap((group) => group.keys) ?? []))]
  const meanOf = ({ figures }: Month, key: string) => {
    const group = figures.groups?.[kind].find(({ keys }) => keys.includes(key))
    return group ? group.mean_milli / 1000 : null
  }
  return {
    labels: inOrder.map(({ month }) => month.slice(0, 7)),
    series: keys.map((key) => ({ name: groupName(kind, [key], names), values: inOrder.map((month) => meanOf(month, key)) })),
    isCloseUp: true,
  }
}

/** One month as a table: the groups, and the city below them. */
export function rowsOf({ figures }: Month, kind: Kind, names: Names) {
  const { people = 0, mean_milli: mean = 0, counts = [], groups } = figures
  const shares = (numbers: readonly number[] | null, of: number) =>
    (figures.levels ?? []).map((_, place) => (numbers ? percent(numbers[place] ?? 0, of) : versions.unsaid))
  return [
    ...(groups?.[kind] ?? []).map((group) => ({
      id: group.keys.join(),
      name: groupName(kind, group.keys, names),
      people: count(group.people),
      mean: points(group.mean_milli),
      difference: signedPoints(group.mean_milli - mean),
      shares: shares(group.counts, group.people),
    })),
    { id: 'all', name: fairness.all, people: count(people ?? 0), mean: points(mean), difference: '', shares: shares(counts, people ?? 1) },
  ]
}
