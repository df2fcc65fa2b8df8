/** Incentives in sheets: taken along as a list is narrowed, handed in, looked through, taken. */
import { answer, client, keyed, upload, type Answer, type Body, type Progress } from '@/api'
import type { Exporter } from '@/modules/exports/data/exports'
import { useSession } from '@/stores/session'
import type { Filters } from './incentives'

export type SheetImport = Answer<'get', '/api/v1/office/incentive-sheets/imports/{import_id}'>
export type BadCell = Answer<'get', '/api/v1/office/incentive-sheets/imports/{import_id}/bad-cells'>['items'][number]
type NewSheet = Body<'post', '/api/v1/office/incentive-sheets/exports'>
export type SheetList = NewSheet['list']

/** What a file input offers; the service looks into the file itself. */
export const ACCEPTED = '.xlsx,.csv'
/** A job is doing something with it. */
export const isWorking = ({ state }: SheetImport): boolean => ['checking', 'importing', 'undoing'].includes(state)
export const goodRows = (sheet: SheetImport): number => sheet.new_rows + sheet.changed_rows
export const canUndo = ({ state, drafts_made }: SheetImport): boolean =>
  ['imported', 'cancelled'].includes(state) && drafts_made > 0
/** Of a hundred, how far a job has come; null as long as nobody knows how long the way is. */
export const percentOf = ({ rows_read, rows_total }: SheetImport): number | null =>
  rows_total ? Math.min(100, Math.floor((rows_read / rows_total) * 100)) : null

export function useSheets() {
  const { account } = useSession()
  const side = `${account?.unit ? '/api/v1/partner' : '/api/v1/office'}/incentive-sheets` as '/api/v1/office/incentive-sheets'
  const imports = `${side}/imports` as const
  const exports = `${side}/exports` as const
  const one = (id: string) => ({ params: { path: { import_id: id } } })

  return {
    template: `${side}/template`,
    badRowsOf: (id: string) => `${imports}/${id}/bad-rows`,
    exporterOf: (list: SheetList, { q, state, category, district, sort }: Filters): Exporter => ({
      order: (key, purpose) => {
        const order = { list, purpose, q: q || null, state: state || null, category: category || null, district: district || null, sort }
        return answer(client.POST(exports, { body: order as NewSheet, headers: keyed(key) })) as unknown as Promise<{ id: string }>
      },
      get: (id) => answer(client.GET(`${exports}/{export_id}`, { params: { path: { export_id: id } } })),
      fileOf: (id) => `${exports}/${id}/file`,
    }),
    list: (_filters: Record<string, string>, cursor: string | undefined) =>
      answer(client.GET(imports, { params: { query: { cursor } } })),
    get: (id: string) => answer(client.GET(`${imports}/{import_id}`, one(id))),
    badCells: (id: string, cursor: string | undefined) =>
      answer(client.GET(`${imports}/{import_id}/bad-cells`, { params: { path: { import_id: id }, query: { cursor, limit: 50 } } })),
    send: (file: File, progress: Progress) => upload<SheetImport>(imports, {}, file, progress),
    confirm: (key: string, id: string, submits: boolean) =>
      answer(client.POST(`${imports}/{import_id}/confirmation`, { ...one(id), body: { submits }, headers: keyed(key) })),
    cancel: (key: string, id: string) =>
      answer(client.POST(`${imports}/{import_id}/cancellation`, { ...one(id), body: {}, headers: keyed(key) })),
    undo: (key: string, id: string) =>
      answer(client.POST(`${imports}/{import_id}/undoing`, { ...one(id), body: {}, headers: keyed(key) })),
  }
}
