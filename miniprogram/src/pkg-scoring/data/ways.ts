/** What somebody could do for a score, told by the service: each thing alone, or some together, and what it brings. */
import { call, type Schema } from '@/api'
import { zh } from '../locales/zh'

export interface WayRow {
  code: string
  title: string
  /** What exactly to do. */
  action: string
  result: string
  /** How many years it takes, where a year has no room for all of it. */
  time: string | null
}

/** Two or three things which together are enough. */
export interface PlanRow {
  key: string
  steps: { code: string; text: string; action: string }[]
  result: string
}

export const fetchWays = (targetMilli?: number) =>
  call('get', '/api/v1/resident/score/ways', { query: { target_milli: targetMilli } })

export function toWayRow({ indicator, quantity, unit, action, score, most_a_year }: Schema['Way']): WayRow {
  const years = most_a_year ? Math.ceil(quantity / most_a_year) : 1
  return {
    code: indicator.code,
    title: zh.distance.way(indicator.name, quantity, unit),
    action,
    result: zh.distance.result(score),
    time: years > 1 ? zh.distance.time(most_a_year!, unit, years) : null,
  }
}

export function toPlanRow({ steps, score }: Schema['Plan']): PlanRow {
  return {
    key: steps.map(({ indicator }) => indicator.code).join('+'),
    steps: steps.map(({ indicator, text, action }) => ({ code: indicator.code, text, action })),
    result: zh.distance.result(score),
  }
}
