/** Batches of records: handed in, gone through, mended, taken back. */
import { answer, client, keyed, sendFile, type Answer, type Progress } from '@/api'

const BATCHES = '/api/v1/office/batches'

export type Batch = Answer<'get', '/api/v1/office/batches/{batch_id}'>
export type RefusedRow = Answer<'get', '/api/v1/office/batches/{batch_id}/refused-rows'>['items'][number]
export interface BatchFilters extends Record<string, string> {
  source: string
  state: string
}

/** What a file input offers; the service looks into the file itself. */
export const ACCEPTED = '.xlsx,.csv,.ndjson,.jsonl,.txt'
export const TEMPLATE = '/api/v1/office/batch-template'
/** In the order of a file. */
export const FIELDS = ['id_number', 'indicator', 'occurred_on', 'quantity', 'expires_on', 'key'] as const
export const MAY_BE_EMPTY: readonly (typeof FIELDS)[number][] = ['quantity', 'expires_on']
export const STATES = ['waiting', 'taking', 'taken', 'failed', 'withdrawing', 'withdrawn'] as const

/** A job has something to do with it. */
export const isWorking = ({ state }: Batch): boolean => ['waiting', 'taking', 'withdrawing'].includes(state)
export const openRows = ({ refused_rows, mended_rows }: Batch): number => Math.max(0, refused_rows - mended_rows)
/** Of a hundred, how far the rows have been gone through; 0 as long as nobody knows how many there are. */
export const percentOf = ({ rows_read, rows_total }: Batch): number =>
  rows_total ? Math.min(100, Math.floor((rows_read / rows_total) * 100)) : 0
/** The cells that were changed, and nothing else: what was not touched stays as it is, unseen. */
export function changedCells(before: Record<string, string>, now: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(now).filter(([name, text]) => text.trim() !== (before[name] ?? '')))
}

const one = (id: string) => ({ params: { path: { batch_id: id } } })

export function listBatches(filters: BatchFilters, cursor: string | undefined) {
  const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
  return answer(client.GET(BATCHES, { params: { query: Object.fromEntries(filled) } }))
}
export const getBatch = (id: string) => answer(client.GET(`${BATCHES}/{batch_id}`, one(id)))
export const refusedRows = (id: string, cursor: string | undefined) =>
  answer(client.GET(`${BATCHES}/{batch_id}/refused-rows`, { params: { path: { batch_id: id }, query: { cursor, limit: 50 } } }))
export const sendBatch = (source: string, file: File, progress: Progress, mends?: string) =>
  sendFile<Batch>(`/api/v1/office/sources/${source}/batches${mends ? `?mends_id=${mends}` : ''}`, file, progress)
export const withdrawBatch = (key: string, id: string) =>
  answer(client.POST(`${BATCHES}/{batch_id}/withdrawal`, { ...one(id), body: {}, headers: keyed(key) }))
export const mendRow = (key: string, id: string, values: Record<string, string>) =>
  answer(
    client.POST('/api/v1/office/refused-rows/{row_id}/mending', {
      params: { path: { row_id: id } },
      body: { values },
      headers: keyed(key),
    }),
  )
export const refusedFile = (id: string): Promise<Blob> =>
  answer(client.POST(`${BATCHES}/{batch_id}/refused-rows/file`, { ...one(id), body: {}, parseAs: 'blob' })) as Promise<Blob>
