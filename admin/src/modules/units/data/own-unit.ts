/** One's own unit, and signing for it. */
import { answer, client, keyed, type Answer, type Body } from '@/api'

export type OwnUnit = Answer<'get', '/api/v1/partner/unit'>
export type Signature = Body<'post', '/api/v1/partner/unit/commitment'>

export const getOwnUnit = (): Promise<OwnUnit> => answer(client.GET('/api/v1/partner/unit'))

export const signCommitment = (key: string, body: Signature) =>
  answer(client.POST('/api/v1/partner/unit/commitment', { body, headers: keyed(key) }))
