/** One resident at a time, for a case. Nothing of it is kept beyond the page. */
import { answer, client, type Answer, type Body } from '@/api'

export type LookUp = Body<'post', '/api/v1/office/look-ups'>
export type LookedUp = Answer<'post', '/api/v1/office/look-ups'>
export type Field = Body<'post', '/api/v1/office/look-ups/{look_up_id}/field'>['field']

export const lookUp = (body: LookUp): Promise<LookedUp> => answer(client.POST('/api/v1/office/look-ups', { body }))

/** Each time is a look of its own, which the resident reads. */
export const showInClear = (lookUpId: string, field: Field) =>
  answer(client.POST('/api/v1/office/look-ups/{look_up_id}/field', { params: { path: { look_up_id: lookUpId } }, body: { field } }))
