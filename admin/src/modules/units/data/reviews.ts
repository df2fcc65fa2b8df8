/** The office's work with applications of units. */
import { answer, client, keyed, type Answer, type Query } from '@/api'

const APPLICATIONS = '/api/v1/office/unit-applications'
export type ApplicationRow = Answer<'get', typeof APPLICATIONS>['items'][number]

export interface ApplicationFilters extends Record<string, string> {
  q: string
  state: string
  district: string
  category: string
}

const of = (id: string) => ({ params: { path: { application_id: id } } })

export const listApplications = (filters: ApplicationFilters, cursor: string | undefined) => {
  const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
  return answer(client.GET(APPLICATIONS, { params: { query: Object.fromEntries(filled) as Query<typeof APPLICATIONS> } }))
}

export const getApplication = (id: string) => answer(client.GET(`${APPLICATIONS}/{application_id}`, of(id)))

export const returnApplication = (key: string, id: string, version: number, reasons: Record<string, string>) =>
  answer(client.POST(`${APPLICATIONS}/{application_id}/return`, { ...of(id), body: { version, reasons }, headers: keyed(key) }))

export const approveApplication = (key: string, id: string, version: number, codeReason: string | null) =>
  answer(
    client.POST(`${APPLICATIONS}/{application_id}/approval`, {
      ...of(id),
      body: { version, code_reason: codeReason },
      headers: keyed(key),
    }),
  )
