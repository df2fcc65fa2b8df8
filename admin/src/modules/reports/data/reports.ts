/** Residents' reports of what was not honoured: about one's own unit, or those the office looks after. */
import { answer, client, keyed, type Answer, type Body, type Query } from '@/api'
import { useSession } from '@/stores/session'

export type Report = Answer<'get', '/api/v1/office/reports/{report_id}'>
export type Closing = Body<'post', '/api/v1/office/reports/{report_id}/closing'>
export const OUTCOMES = ['settled', 'misunderstanding', 'not_settled'] as const

export interface ReportFilters extends Record<string, string> {
  state: string
  overdue: string
}

const of = (id: string) => ({ params: { path: { report_id: id } } })

export function useReports() {
  const { account } = useSession()
  const isOffice = account?.kind !== 'partner'
  const reports = (isOffice ? '/api/v1/office/reports' : '/api/v1/partner/reports') as '/api/v1/office/reports'

  return {
    isOffice,
    list: (filters: ReportFilters, cursor: string | undefined) => {
      const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
      return answer(client.GET(reports, { params: { query: Object.fromEntries(filled) as Query<'/api/v1/office/reports'> } }))
    },
    get: (id: string) => answer(client.GET(`${reports}/{report_id}`, of(id))),
  }
}

export const answerReport = (key: string, id: string, text: string) =>
  answer(client.POST('/api/v1/partner/reports/{report_id}/answer', { ...of(id), body: { answer: text }, headers: keyed(key) }))

export const closeReport = (key: string, id: string, body: Closing) =>
  answer(client.POST('/api/v1/office/reports/{report_id}/closing', { ...of(id), body, headers: keyed(key) }))
