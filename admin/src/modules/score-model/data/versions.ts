/** Versions of the score model: written, tried on the city, approved by two. */
import { ApiError, answer, client, keyed, upload, type Answer, type Progress } from '@/api'
import { zh } from '../locales/versions'

const VERSIONS = '/api/v1/office/score-model-versions'
const ONE = `${VERSIONS}/{version_id}` as const

export type Version = Answer<'get', '/api/v1/office/score-model-versions/{version_id}'>
export type Change = Version['changes'][number]
export type Content = Version['content']
export type ContentIndicator = Content['dimensions'][number]['indicators'][number]
export type ShadowRun = NonNullable<Version['shadow_run']>

export interface Problem {
  line: number
  field: string
  message: string
}

const at = (id: string) => ({ params: { path: { version_id: id } } })

export const listVersions = (_: Record<string, string>, cursor: string | undefined) =>
  answer(client.GET(VERSIONS, { params: { query: { cursor } } }))
export const getVersion = (id: string): Promise<Version> => answer(client.GET(ONE, at(id)))
export const getTemplate = (): Promise<Content> => answer(client.GET(`${VERSIONS}/template`))
export const begin = (key: string, content: Content): Promise<Version> =>
  answer(client.POST(VERSIONS, { body: { content }, headers: keyed(key) }))
export const send = (file: File, progress: Progress): Promise<Version> =>
  upload<Version>(`${VERSIONS}/file`, {}, file, progress)
export const save = (id: string, revision: number, content: Content): Promise<Version> =>
  answer(client.PUT(ONE, { ...at(id), body: { revision, content } }))
export const discard = (key: string, id: string) => answer(client.DELETE(ONE, { ...at(id), headers: keyed(key) }))
export const tryOnCity = (key: string, { id, revision }: Version): Promise<Version> =>
  answer(client.POST(`${ONE}/shadow-run`, { ...at(id), body: { revision }, headers: keyed(key) }))
export const stopTrying = (key: string, id: string): Promise<Version> =>
  answer(client.DELETE(`${ONE}/shadow-run`, { ...at(id), headers: keyed(key) }))
export const approve = (key: string, { id, revision }: Version): Promise<Version> =>
  answer(client.POST(`${ONE}/approval`, { ...at(id), body: { revision }, headers: keyed(key) }))
export const cancel = (key: string, { id, revision }: Version, reason: string): Promise<Version> =>
  answer(client.POST(`${ONE}/cancellation`, { ...at(id), body: { revision, reason }, headers: keyed(key) }))
export const reportOf = (id: string) => `${VERSIONS}/${id}/report`
export const documentOf = (id: string) => `${VERSIONS}/${id}/document`

export const isTrying = ({ shadow_run }: Version): boolean => shadow_run !== null && shadow_run.ended_at === null
export const isOpen = ({ state }: Version): boolean => state === 'draft' || state === 'shadowed'

/** What the service found wrong in a model, each with its line in a file. */
export function problemsOf(failure: unknown): readonly Problem[] {
  if (!(failure instanceof ApiError) || !Array.isArray(failure.data.problems)) return []
  return failure.data.problems as Problem[]
}

/** `dimensions.4.indicators.2.cap` as people call it. */
export function placeOf(content: Content, field: string): string {
  const [first = '', dimension = '', second = '', indicator = '', last = ''] = field.split('.')
  const part = first === 'dimensions' ? content.dimensions[Number(dimension)] : undefined
  if (!part) return zh.fields[first] ?? ''
  const one = second === 'indicators' ? part.indicators[Number(indicator)] : undefined
  const name = one ? last : second
  return [part.name, one?.name, zh.fields[name]].filter(Boolean).join(' › ')
}

/** What a change is called, and what stood and stands there, in words. */
export function inWords({ place, field, before, after }: Change): { what: string; before: string; after: string } {
  const said = (value: string | null | undefined) => (value == null ? zh.nothing : (zh.values[value] ?? value))
  const what = [place, zh.fields[field] ?? field].filter(Boolean).join(' › ')
  return { what, before: said(before), after: said(after) }
}
