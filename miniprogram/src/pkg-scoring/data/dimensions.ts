/** The five dimensions with every line behind them, as the page shows them. */
import type { Schema } from '@/api'
import { dayInWords } from '@/wording/days'
import { zh } from '../locales/zh'

export interface LineRow {
  id: string
  name: string
  points: string
  isGain: boolean
  facts: { name: string; value: string }[]
  /** Why it gives no points, or that it is marked; none for an ordinary line. */
  remark: string | null
}

export interface DimensionRow {
  code: string
  name: string
  points: string
  /** How full the bar is, 0 to 100: the part of what the dimension can give. */
  percent: number
  isLoss: boolean
  range: string
  count: string
  lines: LineRow[]
  remarks: string[]
}

export function toDimensionRow(dimension: Schema['Dimension']): DimensionRow {
  const { points_milli, max_milli, min_milli } = dimension
  const isLoss = points_milli < 0
  const whole = isLoss ? Math.abs(min_milli) : max_milli
  return {
    code: dimension.code,
    name: dimension.name,
    points: zh.plus(dimension.points),
    percent: whole ? Math.round((Math.abs(points_milli) / whole) * 100) : 0,
    isLoss,
    range: zh.range(zh.plus(dimension.points), String(max_milli / 1000)),
    count: dimension.lines.length ? zh.count(dimension.lines.length) : zh.noLines,
    lines: dimension.lines.map(toLineRow),
    remarks: dimension.adjustments.map(({ text }) => text),
  }
}

function toLineRow(line: Schema['Line']): LineRow {
  return {
    id: line.record_id,
    name: line.quantity > 1 ? `${line.indicator.name} × ${line.quantity}${line.unit}` : line.indicator.name,
    points: zh.plus(line.points),
    isGain: line.points_milli > 0,
    facts: [
      { name: zh.source, value: line.source_unit },
      { name: zh.occurred, value: dayInWords(line.occurred_on) },
      { name: zh.ends, value: line.ends_on ? dayInWords(line.ends_on) : zh.endless },
      { name: zh.basis, value: line.legal_basis },
    ],
    remark: [zh.status[line.status], line.why].filter(Boolean).join(' · ') || null,
  }
}
