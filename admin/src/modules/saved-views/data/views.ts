/** How somebody likes to see a list: kept by the service, and taken up by its address. */
import { answer, client, keyed, type Answer, type Body, type Query } from '@/api'

export type SavedView = Answer<'get', '/api/v1/console/views'>['items'][number]
export type ListName = Query<'/api/v1/console/views'>['list']
type NewView = Body<'post', '/api/v1/console/views'>

export const listViews = async (list: ListName): Promise<SavedView[]> =>
  (await answer(client.GET('/api/v1/console/views', { params: { query: { list } } }))).items

export const saveView = (key: string, list: ListName, view: Omit<SavedView, 'id'>) =>
  answer(client.POST('/api/v1/console/views', { body: { list, ...view } as NewView, headers: keyed(key) }))

const one = (id: string) => ({ params: { path: { view_id: id } } })

export const changeView = ({ id, name, is_default }: Omit<SavedView, 'query'>) =>
  answer(client.PUT('/api/v1/console/views/{view_id}', { ...one(id), body: { name, is_default } }))

export const deleteView = (id: string) => answer(client.DELETE('/api/v1/console/views/{view_id}', one(id)))

/** What of an address is kept: how the list is narrowed and ordered, not which page is shown. */
export function narrowingOf(query: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(texts.filter(([name, value]) => name !== 'cursor' && value))
}

export function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name] === other[name])
}
