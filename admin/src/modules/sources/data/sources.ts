/** Departments that deliver records: how they do it, and their programs. */
import { answer, client, keyed, type Answer } from '@/api'
import { percent } from '@/formats'

const SOURCES = '/api/v1/office/sources'

export type Source = Answer<'get', '/api/v1/office/sources'>['items'][number]
export type Program = Answer<'get', '/api/v1/office/sources/{key}/clients'>['items'][number]
export type NewProgram = Answer<'post', '/api/v1/office/sources/{key}/clients'>

/** As a table wants them, those somebody should ask about first. */
export function toRows(sources: readonly Source[]): (Source & { id: string })[] {
  const weight = ({ alerts }: Source) => (alerts.some((alert) => alert !== 'never') ? 2 : alerts.length ? 0 : 1)
  return [...sources].sort((a, b) => weight(b) - weight(a)).map((source) => ({ ...source, id: source.key }))
}
export const refusalOf = ({ refusal_permille }: Source): string => (refusal_permille === null ? '—' : percent(refusal_permille, 1000))

const of = (key: string) => ({ params: { path: { key } } })

export const listSources = () => answer(client.GET(SOURCES))
export const listPrograms = (source: string) => answer(client.GET(`${SOURCES}/{key}/clients`, of(source)))
export const makeProgram = (key: string, source: string) =>
  answer(client.POST(`${SOURCES}/{key}/clients`, { ...of(source), body: {}, headers: keyed(key) }))
export const endProgram = (id: string) =>
  answer(client.DELETE('/api/v1/office/source-clients/{client_id}', { params: { path: { client_id: id } } }))
