/**
 * Shops and their clerks: of one's own unit, or those the office looks after. The service has an audience for
 * each, with the same shapes: which one it is follows from the account, so both have the same pages.
 */
import { answer, client, keyed, type Answer, type Body, type Query } from '@/api'
import { useSession } from '@/stores/session'

export type Shop = Answer<'get', '/api/v1/office/shops/{shop_id}'>
export type Clerk = Answer<'get', '/api/v1/office/shops/{shop_id}/clerks'>['items'][number]
export type Invitation = Answer<'get', '/api/v1/office/shops/{shop_id}/clerk-invitations'>['items'][number]
export type NewInvitation = Answer<'post', '/api/v1/office/shops/{shop_id}/clerk-invitations'>
export type NewShop = Omit<Body<'post', '/api/v1/office/shops'>, 'unit_id'> & { unit_id?: string }
export type ShopChange = Body<'put', '/api/v1/office/shops/{shop_id}'>

export interface ShopFilters extends Record<string, string> {
  q: string
  state: string
  district: string
  unit_id: string
}

export function useShops() {
  const { account } = useSession()
  const side = (account?.kind === 'partner' ? '/api/v1/partner' : '/api/v1/office') as '/api/v1/office'
  const shops = `${side}/shops` as const
  const of = (id: string) => ({ params: { path: { shop_id: id } } })
  const who = (id: string) => ({ params: { path: { clerk_id: id } } })

  return {
    isOffice: account?.kind !== 'partner',
    list: (filters: ShopFilters, cursor: string | undefined) => {
      const filled = Object.entries({ ...filters, cursor }).filter(([, value]) => value)
      return answer(client.GET(shops, { params: { query: Object.fromEntries(filled) as Query<'/api/v1/office/shops'> } }))
    },
    /** A PDF, opened by the browser beside the page. */
    poster: (id: string) => `${shops}/${id}/poster`,
    add: (key: string, body: NewShop) =>
      answer(client.POST(shops, { body: body as Body<'post', '/api/v1/office/shops'>, headers: keyed(key) })),
    get: (id: string) => answer(client.GET(`${shops}/{shop_id}`, of(id))),
    change: (id: string, body: ShopChange) => answer(client.PUT(`${shops}/{shop_id}`, { ...of(id), body })),
    close: (key: string, id: string) =>
      answer(client.POST(`${shops}/{shop_id}/closing`, { ...of(id), body: {}, headers: keyed(key) })),
    reopen: (id: string) => answer(client.DELETE(`${shops}/{shop_id}/closing`, of(id))),
    clerks: (id: string) => answer(client.GET(`${shops}/{shop_id}/clerks`, of(id))),
    pause: (key: string, id: string) =>
      answer(client.POST(`${side}/clerks/{clerk_id}/pause`, { ...who(id), body: {}, headers: keyed(key) })),
    resume: (id: string) => answer(client.DELETE(`${side}/clerks/{clerk_id}/pause`, who(id))),
    remove: (id: string) => answer(client.DELETE(`${side}/clerks/{clerk_id}`, who(id))),
    invitations: (id: string) => answer(client.GET(`${shops}/{shop_id}/clerk-invitations`, of(id))),
    invite: (key: string, id: string, label: string) =>
      answer(client.POST(`${shops}/{shop_id}/clerk-invitations`, { ...of(id), body: { label }, headers: keyed(key) })),
    withdraw: (id: string) =>
      answer(client.DELETE(`${side}/clerk-invitations/{invitation_id}`, { params: { path: { invitation_id: id } } })),
  }
}

/** What a clerk opens, by scanning or by a message. The code works once. */
export const invitationLink = (code: string): string => `${location.origin}/m/pkg-merchant/join/index?invite=${code}`
