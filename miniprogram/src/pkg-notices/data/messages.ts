/** For which of the city's messages WeChat can be asked, and telling what was answered. */
import { call, type Schema } from '@/api'

type Template = Schema['MessageTemplate']
export type Answers = Schema['MessageConsents']['results']

/** What WeChat takes at once. */
const MOST_AT_ONCE = 3

export const fetchTemplates = async () => (await call('get', '/api/v1/resident/message-templates')).items

export const tellAnswers = (results: Answers, key: string) =>
  call('post', '/api/v1/resident/message-consents', { key, body: { results } })

/**
 * The templates to ask for next. WeChat asks for those of one kind at a time; examples it does not know,
 * and would refuse the whole question.
 */
export function nextToAsk(templates: readonly Template[]): string[] {
  const open = templates.filter(({ agreed, example }) => !agreed && !example)
  return open
    .filter(({ kind }) => kind === open[0]?.kind)
    .slice(0, MOST_AT_ONCE)
    .map(({ template_id }) => template_id)
}

const KNOWN = ['accept', 'acceptWithAlert', 'acceptWithAudio', 'ban', 'filter', 'reject'] as const

/** WeChat's answers as far as the service knows them; a new word for "accepted" is told as the plain one. */
export function toAnswers(said: Record<string, string>): Answers {
  const known = (answer: string) =>
    KNOWN.find((each) => each === answer) ?? (answer.startsWith('accept') ? ('accept' as const) : null)
  return Object.fromEntries(
    Object.entries(said).flatMap(([template, answer]) => {
      const told = known(answer)
      return told ? [[template, told]] : []
    }),
  )
}

export const isAccepted = (answers: Answers) =>
  Object.values(answers).some((answer) => answer.startsWith('accept'))
