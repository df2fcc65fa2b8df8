/** A list as a file: ordered, made by the service meanwhile, and taken for a day. */
import { answer, client, keyed, type Answer, type Body } from '@/api'

type NewExport = Body<'post', '/api/v1/office/exports'>
type NewAuditExport = Body<'post', '/api/v1/office/audit-exports'>
type Export = Answer<'get', '/api/v1/office/exports/{export_id}'>
export type ListName = NewExport['list'] | 'audit-events'
export type Format = NonNullable<NewExport['format']>

/** How a list is taken along as a file; who takes it chooses among its formats. */
export interface Exporter {
  formats?: readonly Format[]
  order(key: string, purpose: string, format: Format): Promise<{ id: string }>
  get(id: string): Promise<{ state: string; rows: number }>
  fileOf(id: string): string
}

const AUDIT = 'audit-events'

/** Narrowed as the list is on the page; what is not filled in narrows nothing. */
export function orderOf(
  list: ListName,
  reason: { purpose: string; format: Format },
  { account_id: colleague_id = '', ...others }: Record<string, string>,
): NewExport | NewAuditExport {
  const filled = Object.fromEntries(Object.entries({ ...others, colleague_id }).filter(([, value]) => value))
  return { ...filled, ...reason, ...(list === AUDIT ? {} : { list }) } as NewExport | NewAuditExport
}

/** The audit trail's exports are for other people, and so have calls of their own. */
export function exporterOf(list: ListName, filters: Record<string, string>): Exporter {
  const side = (list === AUDIT ? '/api/v1/office/audit-exports' : '/api/v1/office/exports') as '/api/v1/office/exports'
  return {
    formats: ['xlsx', 'csv'],
    order: (key, purpose, format) => {
      const body = orderOf(list, { purpose, format }, filters) as NewExport
      return answer(client.POST(side, { body, headers: keyed(key) })) as Promise<Export>
    },
    get: (id) => answer(client.GET(`${side}/{export_id}`, { params: { path: { export_id: id } } })),
    fileOf: (id) => `${side}/${id}/file`,
  }
}
