/** The score model in force, and how its figures are told. */
import { answer, client, type Answer } from '@/api'
import { zh } from '../locales/zh'

export type ScoreModel = Answer<'get', '/api/v1/office/score-model'>
export type Dimension = ScoreModel['model']['dimensions'][number]
export type Indicator = Dimension['indicators'][number]

export const getScoreModel = (): Promise<ScoreModel> => answer(client.GET('/api/v1/office/score-model'))

const signed = (points: string) => (points.startsWith('-') ? points : `+${points}`)

export const worth = ({ points, unit }: Indicator): string => zh.perUnit(signed(points), unit)

export function lasting({ decay, valid_days }: Indicator): string {
  if (valid_days === null) return zh.forever
  return decay === 'linear' ? zh.fading(valid_days) : zh.until(valid_days)
}
