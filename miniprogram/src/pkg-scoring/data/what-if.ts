/** "What if": positive actions to turn up and down, and what the service's own engine makes of them. */
import { call, type Schema } from '@/api'
import { plus } from '@/wording/points'

/** As many as one question may hold. */
export const MOST_CHOSEN = 20
const MANY = 20
const STRIDE = 5

export interface ActionRow {
  code: string
  name: string
  action: string
  unit: string
  /** More of it would bring nothing. */
  most: number
  step: number
}

export type Chosen = Readonly<Record<string, number>>

export interface Outcome {
  score: string
  level: string | null
  difference: string
  isMore: boolean
  isExample: boolean
}

/** What brings most stands first. */
export function toActionRows(ways: readonly Schema['Way'][]): ActionRow[] {
  return [...ways].sort((a, b) => b.score_milli - a.score_milli).map(({ indicator, action, unit, quantity }) => {
    const step = quantity > MANY ? STRIDE : 1
    return { code: indicator.code, name: indicator.name, action, unit, most: Math.ceil(quantity / step) * step, step }
  })
}

export const countChosen = (chosen: Chosen) => Object.values(chosen).filter((quantity) => quantity > 0).length

/** One more thing is only taken while a question has room for it. */
export function choose(chosen: Chosen, { code, most }: ActionRow, quantity: number): Chosen {
  const held = Math.min(Math.max(quantity, 0), most)
  const isNew = !chosen[code] && held > 0
  return isNew && countChosen(chosen) >= MOST_CHOSEN ? chosen : { ...chosen, [code]: held }
}

export function toQuestion(chosen: Chosen): Pick<Schema['WhatIf'], 'add'> {
  const add = Object.entries(chosen)
    .filter(([, quantity]) => quantity > 0)
    .map(([indicator, quantity]) => ({ indicator, quantity }))
  return { add }
}

export async function fetchOutcome(chosen: Chosen): Promise<Outcome> {
  return toOutcome(await call('post', '/api/v1/resident/score/what-if', { body: toQuestion(chosen) }))
}

export function toOutcome({ score, level, difference, difference_milli, model }: Schema['WhatIfAnswer']): Outcome {
  return {
    score,
    level: level?.name ?? null,
    difference: plus(difference),
    isMore: difference_milli > 0,
    isExample: model.example,
  }
}
