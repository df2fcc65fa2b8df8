/** The five dimensions as a chart and as lists of lines, as the page of the score shows them. */
import type { Schema } from '@/api'
import { dayInWords } from '@/wording/days'
import { plus } from '@/wording/points'
import { zh } from '../locales/zh'

export interface LineRow {
  id: string
  name: string
  /** The source and, where the name does not tell it, the day. */
  note: string
  points: string
  isGain: boolean
  /** Why it gives no points, or that it is marked; none for an ordinary line. */
  remark: string | null
  /** Above the first of several lines of one kind: what they are and how many. */
  head: string | null
}

export interface DimensionRow {
  code: string
  name: string
  points: string
  isGain: boolean
  count: string
  lines: LineRow[]
  remarks: string[]
}

/** One bar of the chart: where it begins and how long it is, of a hundred. */
export interface Bar {
  code: string
  name: string
  points: string
  most: string
  isLoss: boolean
  start: number
  width: number
}

export interface DimensionChart {
  bars: Bar[]
  /** Where nothing is, of a hundred; bars of losses go left from here. */
  zero: number
  spoken: string
}

/** Room to the left, needed only where something was lost. */
const LOSS_ROOM = 30
const LEAST_WIDTH = 2

export function toChart(dimensions: readonly Schema['Dimension'][]): DimensionChart {
  const zero = dimensions.some(({ points_milli }) => points_milli < 0) ? LOSS_ROOM : 0
  return {
    bars: dimensions.map((dimension) => toBar(dimension, zero)),
    zero,
    spoken: zh.chart.spoken(dimensions.map(({ name, points, max_milli }) => zh.chart.bar(name, plus(points), max_milli / 1000))),
  }
}

function toBar({ code, name, points, points_milli, max_milli, min_milli }: Schema['Dimension'], zero: number): Bar {
  const isLoss = points_milli < 0
  const [whole, room] = isLoss ? [-min_milli, zero] : [max_milli, 100 - zero]
  const share = whole ? Math.min(Math.abs(points_milli) / whole, 1) : 0
  const width = points_milli === 0 ? 0 : Math.max(Math.round(share * room), LEAST_WIDTH)
  return {
    code,
    name,
    points: plus(points),
    most: zh.chart.most(max_milli / 1000),
    isLoss,
    start: isLoss ? zero - width : zero,
    width,
  }
}

export function toDimensionRow(dimension: Schema['Dimension']): DimensionRow {
  return {
    code: dimension.code,
    name: dimension.name,
    points: plus(dimension.points),
    isGain: dimension.points_milli > 0,
    count: dimension.lines.length ? zh.count(dimension.lines.length) : zh.noLines,
    lines: groupedLines(dimension.lines),
    remarks: dimension.adjustments.map(({ text }) => text),
  }
}

/** Lines of one kind stand together, the newest first; kinds in the order of their newest line. */
function groupedLines(lines: readonly Schema['Line'][]): LineRow[] {
  const groups = new Map<string, Schema['Line'][]>()
  for (const line of [...lines].sort((a, b) => b.occurred_on.localeCompare(a.occurred_on))) {
    const group = groups.get(line.indicator.code)
    if (group) group.push(line)
    else groups.set(line.indicator.code, [line])
  }
  return [...groups.values()].flatMap((group) => {
    const isGrouped = group.length > 1
    const head = isGrouped ? zh.group(group[0]!.indicator.name, group.length) : null
    return group.map((line, place) => toLineRow(line, isGrouped, place === 0 ? head : null))
  })
}

/** In a group the head has the name already, so each line begins with its day. */
function toLineRow(line: Schema['Line'], isGrouped: boolean, head: string | null): LineRow {
  const day = dayInWords(line.occurred_on)
  const named = isGrouped ? day : line.indicator.name
  return {
    id: line.record_id,
    name: line.quantity > 1 ? zh.times(named, line.quantity, line.unit) : named,
    note: isGrouped ? line.source_unit : `${day} · ${line.source_unit}`,
    points: plus(line.points),
    isGain: line.points_milli > 0,
    remark: [zh.status[line.status], line.why].filter(Boolean).join(' · ') || null,
    head,
  }
}
