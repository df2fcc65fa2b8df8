/** The audit trail, and its codes in words. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { answer, client, type Answer, type Query } from '@/api'

export type AuditEvent = Answer<'get', '/api/v1/office/audit-events'>['items'][number]
type Words = Answer<'get', '/api/v1/office/audit-words'>

export const plainFilters = {
  from: '',
  to: '',
  action: '',
  actor_kind: '',
  account_id: '',
  subject_kind: '',
  subject_id: '',
  sort: 'newest',
}
export type EventFilters = typeof plainFilters

export async function listEvents(filters: EventFilters, cursor: string | undefined) {
  const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
  const query = Object.fromEntries(filled) as Query<'/api/v1/office/audit-events'>
  const { items, next_cursor } = await answer(client.GET('/api/v1/office/audit-events', { params: { query: { ...query, limit: 50 } } }))
  return { items: items.map((event) => ({ ...event, id: String(event.id) })), next_cursor }
}

/** What belongs to an event beyond its columns: `名=值`, one after the other. */
export const detailsOf = (data: Record<string, unknown>): string =>
  Object.entries(data)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join('  ')

/** A code that has no words is shown as it is. */
export function useWords() {
  const { data } = useQuery({
    queryKey: ['audit-words'],
    queryFn: () => answer(client.GET('/api/v1/office/audit-words')),
    staleTime: Infinity,
  })
  const nameOf = (kind: keyof Words, code: string) => data.value?.[kind].find((word) => word.code === code)?.name ?? code
  const choices = (kind: keyof Words) =>
    computed(() => (data.value?.[kind] ?? []).map(({ code, name }) => ({ value: code, text: name })))
  return { nameOf, actions: choices('actions'), actors: choices('actors'), subjects: choices('subjects') }
}
