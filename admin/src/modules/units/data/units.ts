/** The office's work with the units themselves. */
import { answer, client, keyed, type Answer, type Query } from '@/api'

const UNITS = '/api/v1/office/units'
export type UnitDetail = Answer<'get', '/api/v1/office/units/{unit_id}'>

export interface UnitFilters extends Record<string, string> {
  q: string
  state: string
  district: string
  category: string
}

const of = (id: string) => ({ params: { path: { unit_id: id } } })

export const listUnits = (filters: UnitFilters, cursor: string | undefined) => {
  const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
  return answer(client.GET(UNITS, { params: { query: Object.fromEntries(filled) as Query<typeof UNITS> } }))
}

export const getUnit = (id: string) => answer(client.GET(`${UNITS}/{unit_id}`, of(id)))

export const suspendUnit = (key: string, id: string, reason: string) =>
  answer(client.POST(`${UNITS}/{unit_id}/suspension`, { ...of(id), body: { reason }, headers: keyed(key) }))

export const liftSuspension = (id: string) => answer(client.DELETE(`${UNITS}/{unit_id}/suspension`, of(id)))

export const closeUnit = (key: string, id: string, reason: string) =>
  answer(client.POST(`${UNITS}/{unit_id}/closing`, { ...of(id), body: { reason }, headers: keyed(key) }))
