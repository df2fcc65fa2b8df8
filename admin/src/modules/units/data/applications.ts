/** Applying for a unit: by the link from the letter, whose token is sent in bodies only. */
import { answer, client, type Answer } from '@/api'

export type Application = Answer<'post', '/api/v1/public/unit-applications/look'>
const APPLICATIONS = '/api/v1/public/unit-applications'

export interface ApplicationForm {
  unit_name: string
  unified_code: string
  code_explanation: string
  category: string
  district: string
  contact: string
  phone: string
  answers: Record<string, string>
}
export const FIXED = ['unit_name', 'unified_code', 'category', 'district', 'contact', 'phone'] as const
const NULLABLE = ['unit_name', 'unified_code', 'code_explanation', 'category', 'district', 'contact', 'phone'] as const

export const getMembership = () => answer(client.GET('/api/v1/public/membership'))

export const askForLink = (email: string, contact: string): Promise<unknown> =>
  answer(client.POST(APPLICATIONS, { body: { email, contact } }))

export const lookAt = (token: string): Promise<Application> => answer(client.POST(`${APPLICATIONS}/look`, { body: { token } }))

export const keepDraft = (token: string, form: ApplicationForm): Promise<Application> =>
  answer(client.PUT(`${APPLICATIONS}/draft`, { body: { token, ...sent(form) } }))

export const submit = (token: string, form: ApplicationForm): Promise<Application> =>
  answer(client.POST(`${APPLICATIONS}/submission`, { body: { token, ...sent(form) } }))

/** The form as it was kept, ready to be typed in. */
export function formOf(application: Application): ApplicationForm {
  const fixed = Object.fromEntries(NULLABLE.map((name) => [name, application[name] ?? '']))
  const answers = Object.fromEntries(textsOf(application).map(({ code }) => [code, application.answers[code] ?? '']))
  return { ...(fixed as Omit<ApplicationForm, 'answers'>), answers }
}

export const textsOf = ({ requirements }: Application) => requirements.filter(({ kind }) => kind === 'text')
export const documentsAsked = ({ requirements }: Application) => requirements.filter(({ kind }) => kind === 'document')

/** What the office wants changed, by field; of the last return only. */
export const reasonsOf = ({ state, reviews }: Application): Record<string, string> =>
  state === 'returned' ? (reviews.at(-1)?.reasons ?? {}) : {}

/** What is not filled in is sent as nothing, not as an empty text. */
function sent(form: ApplicationForm) {
  const fixed = Object.fromEntries(NULLABLE.map((name) => [name, form[name].trim() || null]))
  const filled = Object.entries(form.answers).map(([code, text]) => [code, text.trim()])
  return { ...fixed, answers: Object.fromEntries(filled.filter(([, text]) => text)) as Record<string, string> }
}
