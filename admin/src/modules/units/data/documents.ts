/** Documents of a unit: sent, looked at, taken back; by the link of an application, by the unit, by the office. */
import { answer, client, upload, type Progress } from '@/api'
import type { Application } from './applications'

export type Requirement = Application['requirements'][number]
export type UnitDocument = Application['documents'][number]

/** What one may do with the documents that are shown; without `send` and `remove` they are only looked at. */
export interface DocumentDeeds {
  read(id: string): Promise<Blob>
  send?(requirement: string, file: File, progress: Progress): Promise<unknown>
  remove?(id: string): Promise<unknown>
}

/** What a file input offers; the service looks into the file itself. */
export const ACCEPTED = '.jpg,.jpeg,.png,.pdf'
const LINKED = '/api/v1/public/unit-applications/documents'
const READ = '/api/v1/office/unit-documents/{document_id}/reading'

export const byLink = (token: string): DocumentDeeds => ({
  read: (id) => file(client.POST(`${LINKED}/content`, { body: { token, document_id: id }, parseAs: 'blob' })),
  send: (requirement, chosen, progress) => upload(LINKED, { token, requirement }, chosen, progress),
  remove: (id) => answer(client.POST(`${LINKED}/removal`, { body: { token, document_id: id } })),
})

/** Each look is recorded. */
export const byOffice: DocumentDeeds = {
  read: (id) => file(client.POST(READ, { params: { path: { document_id: id } }, parseAs: 'blob' })),
}

const OWN = '/api/v1/partner/unit/documents'
const ownPath = (id: string) => ({ params: { path: { document_id: id } } })

/** What the own unit has handed in. */
export const byUnit: DocumentDeeds = {
  read: (id) => file(client.GET(`${OWN}/{document_id}/content`, { ...ownPath(id), parseAs: 'blob' })),
}

/** What the own unit is about to hand in. */
export const byUnitWithin: DocumentDeeds = {
  ...byUnit,
  send: (requirement, chosen, progress) => upload(OWN, { requirement }, chosen, progress),
  remove: (id) => answer(client.DELETE(`${OWN}/{document_id}`, ownPath(id))),
}

export const documentsOf = (documents: readonly UnitDocument[], code: string) =>
  documents.filter(({ requirement }) => requirement === code)

export const isPicture = ({ media_type }: UnitDocument) => media_type.startsWith('image/')

export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

const file = (asking: Promise<{ data?: unknown; error?: unknown; response: Response }>) => answer(asking) as Promise<Blob>
