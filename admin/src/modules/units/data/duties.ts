/** What a unit has to do by a day. */
import { answer, client, keyed, type Answer } from '@/api'
import { documentsOf, type Requirement, type UnitDocument } from './documents'

export type Duty = Answer<'get', '/api/v1/partner/unit'>['duties'][number]

export const submitDuty = (key: string, id: string) =>
  answer(
    client.POST('/api/v1/partner/unit/duties/{duty_id}/submission', {
      params: { path: { duty_id: id } },
      body: {},
      headers: keyed(key),
    }),
  )

export const setDay = (id: string, dueOn: string, reason: string) =>
  answer(client.PUT('/api/v1/office/unit-duties/{duty_id}/day', { params: { path: { duty_id: id } }, body: { due_on: dueOn, reason } }))

/** The duty that is the yearly re-check, beside those that are documents. */
export const RECHECK = 'recheck'

export const isOpen = ({ state }: Duty) => state !== 'handed_in'

/** The documents that were handed in, by what they were asked for; those of an open duty stand with it. */
export function handedIn(unit: { requirements: Requirement[]; documents: UnitDocument[]; duties: Duty[] }) {
  const pending = new Set(unit.duties.filter(isOpen).flatMap(({ documents }) => documents.map(({ id }) => id)))
  const documents = unit.documents.filter(({ id }) => !pending.has(id))
  const asked = unit.requirements.filter(({ code }) => documentsOf(documents, code).length)
  return { asked, documents }
}
