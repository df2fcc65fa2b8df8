/** How far it is to the next level or to a chosen incentive, and what would bring one there. */
import { call, type Schema } from '@/api'
import { fetchScore } from '@/pages/home/data/score-card'
import { zh } from '../locales/zh'
import { fetchWays, toPlanRow, toWayRow, type PlanRow, type WayRow } from './ways'

const words = zh.distance
const FEW = 5

export interface Goal {
  name: string
  targetMilli: number
  /** Whose incentives this opens; none for a single incentive. */
  level: string | null
  incentive: string | null
  benefit: string | null
}

export interface Distance {
  goal: Goal
  isReached: boolean
  missing: string
  range: string
  /** How much of the way is done, of a hundred. */
  percent: number
  isExample: boolean
  /** Each is enough alone. */
  enough: WayRow[]
  plans: PlanRow[]
  /** What adds points and is not enough alone. */
  helps: WayRow[]
}

export interface Wish {
  id: string
  title: string
  benefit: string
}

/** The next level; null where there is none above. */
export async function fetchNextLevel(): Promise<Goal | null> {
  const { next_level: next } = await fetchScore()
  if (!next) return null
  return { name: words.toLevel(next.name), targetMilli: next.from_milli, level: next.code, incentive: null, benefit: null }
}

export async function fetchIncentiveGoal(id: string, levels: readonly Schema['Level'][]): Promise<Goal> {
  const path = { incentive_id: id }
  const { title, benefit, needs } = await call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
  const level = levels.find(({ code }) => code === needs.level)
  return { name: title, targetMilli: needs.score_milli ?? level?.from_milli ?? 0, level: null, incentive: id, benefit }
}

export async function fetchDistance(goal: Goal): Promise<Distance> {
  return toDistance(goal, await fetchWays(goal.targetMilli))
}

export function toDistance(goal: Goal, ways: Schema['Ways']): Distance {
  const { score_milli, target_milli } = ways
  return {
    goal,
    isReached: ways.missing_milli === 0,
    missing: words.missing(ways.missing),
    range: words.range(ways.score, ways.target),
    percent: target_milli ? Math.min(Math.floor((score_milli / target_milli) * 100), 100) : 100,
    isExample: ways.model.example,
    enough: ways.items.filter(({ reaches }) => reaches).map(toWayRow),
    plans: ways.plans.map(toPlanRow),
    helps: ways.items.filter(({ reaches }) => !reaches).sort((a, b) => b.score_milli - a.score_milli).map(toWayRow),
  }
}

/** A few incentives that the next level opens, to choose one to look forward to. */
export async function fetchWishes(level: string): Promise<Wish[]> {
  const { items } = await call('get', '/api/v1/resident/incentives', { query: { level, limit: FEW } })
  return items.map(({ id, title, benefit }) => ({ id, title, benefit }))
}
