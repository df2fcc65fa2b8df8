/** What was claimed and honoured, page by page, without whom. */
import { answer, client, type Answer, type Query } from '@/api'

export type ListedVoucher = Answer<'get', '/api/v1/office/vouchers'>['items'][number]
export type ListedRedemption = Answer<'get', '/api/v1/office/redemptions'>['items'][number]

export interface ListFilters extends Record<string, string> {
  from: string
  to: string
  state: string
  incentive_id: string
  sort: string
}
export const plainFilters: ListFilters = { from: '', to: '', state: '', incentive_id: '', sort: 'newest' }

const filled = (filters: ListFilters, cursor: string | undefined) =>
  Object.fromEntries(Object.entries({ ...filters, cursor }).filter(([, value]) => value))

export const listVouchers = (filters: ListFilters, cursor: string | undefined) =>
  answer(client.GET('/api/v1/office/vouchers', { params: { query: filled(filters, cursor) as Query<'/api/v1/office/vouchers'> } }))

export const listRedemptions = (filters: ListFilters, cursor: string | undefined) =>
  answer(
    client.GET('/api/v1/office/redemptions', { params: { query: filled(filters, cursor) as Query<'/api/v1/office/redemptions'> } }),
  )
