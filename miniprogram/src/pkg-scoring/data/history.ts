/** The score month by month: a chart of half a year, and a list of all. */
import { call, type Schema } from '@/api'
import { zh } from '../locales/zh'

type Month = Schema['ScoreMonth']
type Level = Schema['Level']
const words = zh.history

export const MONTHS_SHOWN = 6
const PAGE_SIZE = 24
/** The scale never spans less, so that a tenth of a point does not look like a fall. */
const LEAST_SPAN = 20
const MARGIN = 4
const LINE_HEIGHT = 1.6

export interface MonthDot {
  month: string
  label: string
  score: string
  /** From the left and from the bottom, of a hundred. */
  x: number
  y: number
}

export interface HistoryChart {
  span: string
  dots: MonthDot[]
  /** Where levels begin and where the scale ends. */
  marks: { y: number; label: string }[]
  /** Which levels the marks stand for. */
  legend: string | null
  /** Shapes to cut out of a full area: what lies under the line, and the line. */
  area: string
  line: string
  spoken: string
}

export interface MonthRow {
  month: string
  name: string
  score: string
  level: string | null
  notes: string[]
}

export const fetchMonths = (cursor: string | undefined) =>
  call('get', '/api/v1/resident/score/history', { query: { cursor, limit: PAGE_SIZE } })

/** `months` come newest first, as the service lists them; so does `skipped`, counted from the newest. */
export function toHistoryChart(months: readonly Month[], skipped: number, levels: readonly Level[]): HistoryChart | null {
  const shown = months.slice(skipped, skipped + MONTHS_SHOWN).reverse()
  if (!shown.length) return null
  const [low, high] = scaleOf(shown)
  const yOf = (milli: number) => ((milli / 1000 - low) / (high - low)) * 100
  const dots = shown.map((month, place) => ({
    month: month.month,
    label: words.shortMonth(partsOf(month.month).month),
    score: month.score,
    x: ((place + 0.5) / shown.length) * 100,
    y: yOf(month.score_milli),
  }))
  const span = words.span(monthInWords(shown[0]!.month), monthInWords(shown[shown.length - 1]!.month))
  return {
    span,
    dots,
    ...marksOf(low, high, levels, yOf),
    ...shapesOf(dots),
    spoken: words.spoken(span, dots.map(({ label, score }) => words.spokenMonth(label, score))),
  }
}

function scaleOf(months: readonly Month[]): [number, number] {
  const scores = months.map(({ score_milli }) => score_milli / 1000)
  let low = Math.max(Math.floor((Math.min(...scores) - MARGIN) / 10) * 10, 0)
  let high = Math.min(Math.ceil((Math.max(...scores) + MARGIN) / 10) * 10, 100)
  while (high - low < LEAST_SPAN) {
    if (high < 100) high += 10
    else low -= 10
  }
  return [low, high]
}

function marksOf(low: number, high: number, levels: readonly Level[], yOf: (milli: number) => number) {
  const named = levels.filter(({ from_milli }) => from_milli >= low * 1000 && from_milli <= high * 1000)
  const begins = new Set([...named.map(({ from_milli }) => from_milli), low * 1000, high * 1000])
  return {
    marks: [...begins].map((milli) => ({ y: yOf(milli), label: String(milli / 1000) })),
    legend: named.length ? words.legend(named.map(({ name, from }) => words.level(name, from))) : null,
  }
}

function shapesOf(dots: readonly MonthDot[]): { area: string; line: string } {
  const at = (x: number, fromBottom: number) => `${x.toFixed(2)}% ${(100 - fromBottom).toFixed(2)}%`
  const over = dots.map(({ x, y }) => at(x, y + LINE_HEIGHT / 2))
  const under = dots.map(({ x, y }) => at(x, y - LINE_HEIGHT / 2)).reverse()
  const top = dots.map(({ x, y }) => at(x, y))
  const first = dots[0]!
  const last = dots[dots.length - 1]!
  return {
    area: `clip-path:polygon(${[at(first.x, 0), ...top, at(last.x, 0)].join(',')})`,
    line: `clip-path:polygon(${[...over, ...under].join(',')})`,
  }
}

export function toMonthRows(months: readonly Month[], levels: readonly Level[]): MonthRow[] {
  return months.map((month, place) => {
    const before = months[place + 1]
    const notes = before ? [changeInWords(month, before)] : []
    if (before && before.model_version !== month.model_version) notes.push(words.newModel)
    return {
      month: month.month,
      name: monthInWords(month.month),
      score: words.score(month.score),
      level: levels.find(({ code }) => code === month.level)?.name ?? null,
      notes,
    }
  })
}

/** As the two figures read, so that it can be checked by eye. */
function changeInWords(month: Month, before: Month): string {
  const than = words.shortMonth(partsOf(before.month).month)
  const tenths = Math.round(Number(month.score) * 10) - Math.round(Number(before.score) * 10)
  if (tenths === 0) return words.same(than)
  const points = (Math.abs(tenths) / 10).toFixed(1)
  return tenths > 0 ? words.more(than, points) : words.less(than, points)
}

function partsOf(month: string) {
  const [year, number] = month.split('-').map(Number)
  return { year: year!, month: number! }
}

function monthInWords(month: string): string {
  const parts = partsOf(month)
  return words.month(parts.year, parts.month)
}
