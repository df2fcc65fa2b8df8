/**
 * Incentives and their drafts. A unit and the office have an audience each, with the same shapes: which one it
 * is follows from the account.
 */
import { answer, client, keyed, type Answer, type Body, type Query } from '@/api'
import { useSession } from '@/stores/session'

export type Listed = Answer<'get', '/api/v1/office/incentives'>['items'][number]
export type Running = Answer<'get', '/api/v1/office/incentives/{incentive_id}'>
export type Version = Answer<'get', '/api/v1/office/incentives/{incentive_id}/versions'>['items'][number]
export type ListedDraft = Answer<'get', '/api/v1/office/incentive-drafts'>['items'][number]
export type Draft = Answer<'get', '/api/v1/office/incentive-drafts/{draft_id}'>
export type Change = Draft['changes'][number]
export type Reason = Draft['reasons'][number]
export type Content = Draft['content']
export type Page = Answer<'post', '/api/v1/office/incentive-previews'>
type NewDraft = Body<'post', '/api/v1/office/incentive-drafts'>

export interface Filters extends Record<string, string> {
  q: string
  state: string
  category: string
  district: string
  sort: string
}

export function useIncentives() {
  const { account } = useSession()
  const unitId = account?.unit?.id
  const side = (unitId ? '/api/v1/partner' : '/api/v1/office') as '/api/v1/office'
  const running = `${side}/incentives` as const
  const drafts = `${side}/incentive-drafts` as const
  const one = (id: string) => ({ params: { path: { incentive_id: id } } })
  const draft = (id: string) => ({ params: { path: { draft_id: id } } })
  const asked = <T>(filters: Filters, cursor: string | undefined) =>
    Object.fromEntries(Object.entries({ ...filters, cursor }).filter(([, value]) => value)) as T

  return {
    list: (filters: Filters, cursor: string | undefined) =>
      answer(client.GET(running, { params: { query: asked<Query<'/api/v1/office/incentives'>>(filters, cursor) } })),
    get: (id: string) => answer(client.GET(`${running}/{incentive_id}`, one(id))),
    versions: (id: string) => answer(client.GET(`${running}/{incentive_id}/versions`, one(id))),
    pause: (key: string, id: string, reason: string) =>
      answer(client.POST(`${running}/{incentive_id}/pause`, { ...one(id), body: { reason }, headers: keyed(key) })),
    resume: (id: string) => answer(client.DELETE(`${running}/{incentive_id}/pause`, one(id))),
    end: (key: string, id: string, reason: string) =>
      answer(client.POST(`${running}/{incentive_id}/end`, { ...one(id), body: { reason }, headers: keyed(key) })),
    raiseQuota: (key: string, id: string, by: number) =>
      answer(client.POST(`${running}/{incentive_id}/quota`, { ...one(id), body: { by }, headers: keyed(key) })),

    listDrafts: (filters: Filters, cursor: string | undefined) =>
      answer(client.GET(drafts, { params: { query: asked<Query<'/api/v1/office/incentive-drafts'>>(filters, cursor) } })),
    getDraft: (id: string) => answer(client.GET(`${drafts}/{draft_id}`, draft(id))),
    /** Of a published incentive, or a new one; the office says for which unit. */
    begin: (key: string, body: Partial<NewDraft>) =>
      answer(client.POST(drafts, { body: body as NewDraft, headers: keyed(key) })),
    save: (id: string, revision: number, content: Content) =>
      answer(client.PUT(`${drafts}/{draft_id}`, { ...draft(id), body: { revision, content } })),
    submit: (key: string, id: string, revision: number) =>
      answer(client.POST(`${drafts}/{draft_id}/submission`, { ...draft(id), body: { revision }, headers: keyed(key) })),
    takeBack: (key: string, id: string) =>
      answer(client.POST(`${drafts}/{draft_id}/withdrawal`, { ...draft(id), body: {}, headers: keyed(key) })),
    discard: (id: string) => answer(client.DELETE(`${drafts}/{draft_id}`, draft(id))),
    preview: (content: Content, unit: string) => {
      const body = (unitId ? { content } : { content, unit_id: unit }) as Body<'post', '/api/v1/office/incentive-previews'>
      return answer(client.POST(`${side}/incentive-previews`, { body }))
    },
  }
}

export const approve = (key: string, id: string, revision: number, publishAt: string | null) =>
  answer(
    client.POST('/api/v1/office/incentive-drafts/{draft_id}/approval', {
      params: { path: { draft_id: id } },
      body: { revision, publish_at: publishAt },
      headers: keyed(key),
    }),
  )

export const giveBack = (key: string, id: string, revision: number, reasons: Reason[]) =>
  answer(
    client.POST('/api/v1/office/incentive-drafts/{draft_id}/return', {
      params: { path: { draft_id: id } },
      body: { revision, reasons },
      headers: keyed(key),
    }),
  )

/** The open shops of a unit, to choose from. */
export const shopsOf = async (unit: string) =>
  (await answer(client.GET('/api/v1/public/units/{unit_id}', { params: { path: { unit_id: unit } } }))).shops
