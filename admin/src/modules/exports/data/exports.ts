/** A list as a file: ordered, made by the service meanwhile, and taken for a day. */
import { answer, client, keyed, type Answer, type Body } from '@/api'

type NewExport = Body<'post', '/api/v1/office/exports'>
type NewAuditExport = Body<'post', '/api/v1/office/audit-exports'>
export type ListName = NewExport['list'] | 'audit-events'
export type Format = NonNullable<NewExport['format']>
export type Export = Answer<'get', '/api/v1/office/exports/{export_id}'>
export interface Reason {
  purpose: string
  format: Format
}

/** The audit trail's exports are for other people, and so have calls of their own. */
const AUDIT = 'audit-events'
const side = (list: ListName) => (list === AUDIT ? '/api/v1/office/audit-exports' : '/api/v1/office/exports') as '/api/v1/office/exports'

/** Narrowed as the list is on the page; what is not filled in narrows nothing. */
export function orderOf(list: ListName, reason: Reason, filters: Record<string, string>): NewExport | NewAuditExport {
  const filled = Object.fromEntries(Object.entries(filters).filter(([, value]) => value))
  return { ...filled, ...reason, ...(list === AUDIT ? {} : { list }) } as NewExport | NewAuditExport
}

export const orderExport = (key: string, list: ListName, order: NewExport | NewAuditExport) =>
  answer(client.POST(side(list), { body: order as NewExport, headers: keyed(key) })) as Promise<Export>

export const getExport = (list: ListName, id: string): Promise<Export> =>
  answer(client.GET(`${side(list)}/{export_id}`, { params: { path: { export_id: id } } }))

export const fileOf = (list: ListName, id: string): string => `${side(list)}/${id}/file`
