/** A list as a file: ordered, made by the service meanwhile, and taken for a day. */
import { answer, client, keyed, type Answer, type Body } from '@/api'
import type { ListFilters } from './lists'

type NewExport = Body<'post', '/api/v1/office/exports'>
export type ListName = NewExport['list']
export type Export = Answer<'get', '/api/v1/office/exports/{export_id}'>

/** Narrowed as the list is on the page. */
export const orderOf = (list: ListName, purpose: string, { from, to, state, incentive_id, sort }: ListFilters): NewExport => ({
  list,
  purpose,
  from: from || null,
  to: to || null,
  state: (state || null) as NewExport['state'],
  incentive_id: incentive_id || null,
  sort: sort as NewExport['sort'],
})

/** How a list is taken along as a file. */
export interface Exporter {
  order(key: string, purpose: string): Promise<{ id: string }>
  get(id: string): Promise<{ state: string; rows: number }>
  fileOf(id: string): string
}

export const exporterOf = (list: ListName, filters: ListFilters): Exporter => ({
  order: (key, purpose) =>
    answer(client.POST('/api/v1/office/exports', { body: orderOf(list, purpose, filters), headers: keyed(key) })) as Promise<Export>,
  get: (id) => answer(client.GET('/api/v1/office/exports/{export_id}', { params: { path: { export_id: id } } })),
  fileOf: (id) => `/api/v1/office/exports/${id}/file`,
})
