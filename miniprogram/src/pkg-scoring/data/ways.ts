/** What somebody could do for a score, told by the service: each thing alone, how often, and what it brings. */
import { call, type Schema } from '@/api'
import { zh } from '../locales/zh'

export interface WayRow {
  code: string
  title: string
  /** What exactly to do. */
  action: string
  result: string
}

export const fetchWays = (targetMilli?: number) =>
  call('get', '/api/v1/resident/score/ways', { query: { target_milli: targetMilli } })

export function toWayRow({ indicator, quantity, unit, action, score }: Schema['Way']): WayRow {
  return {
    code: indicator.code,
    title: zh.distance.way(indicator.name, quantity, unit),
    action,
    result: zh.distance.result(score),
  }
}
