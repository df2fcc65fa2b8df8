/** What the office may set while the system runs, and the versions of each setting. */
import { answer, client, type Answer, type Body } from '@/api'
import { count } from '@/formats'
import { zh } from '../locales/zh'

type Listed = Answer<'get', '/api/v1/office/settings'>['items'][number]
export interface Residents {
  source: string
  as_of: string
  by_district: Record<string, number>
}
export type Value = number | string | Residents | null
export type Setting = Omit<Listed, 'value' | 'default'> & { value: Value; default: Value }
type ListedVersion = Answer<'get', '/api/v1/office/settings/{name}/versions'>['items'][number]
export type Version = Omit<ListedVersion, 'value'> & { value: Value }
type Change = Body<'put', '/api/v1/office/settings/{name}'>

const of = (name: string) => ({ params: { path: { name } } })

export const listSettings = async (): Promise<Setting[]> => (await answer(client.GET('/api/v1/office/settings'))).items as Setting[]

export const listVersions = async (name: string): Promise<Version[]> =>
  (await answer(client.GET('/api/v1/office/settings/{name}/versions', of(name)))).items as Version[]

export const changeSetting = (name: string, change: Partial<Change> & { number: number; reason: string }) =>
  answer(client.PUT('/api/v1/office/settings/{name}', { ...of(name), body: change as Change }))

/** A value as people read it. */
export function told(value: Value): string {
  if (value === null || value === undefined) return zh.nothing
  if (typeof value === 'object') {
    const all = Object.values(value.by_district).reduce((sum, each) => sum + each, 0)
    return zh.residents.told(count(all), value.as_of, value.source)
  }
  return typeof value === 'number' ? count(value) : value
}

/** What was typed, as the service takes it; an empty line is nothing. */
export function typed(kind: Setting['kind'], text: string): Value {
  const trimmed = text.trim()
  if (kind !== 'number') return trimmed || null
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed
}
