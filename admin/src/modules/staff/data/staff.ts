/**
 * The people of the office, or of one's own unit. The service has an audience for each, with the same shapes:
 * which one it is follows from the account, so both have the same pages.
 */
import { answer, client, keyed, type Answer, type Body, type Query } from '@/api'
import { useSession } from '@/stores/session'

export type Member = Answer<'get', '/api/v1/office/staff'>['items'][number]
export type MemberDetail = Answer<'get', '/api/v1/office/staff/{account_id}'>
export type Invitation = Answer<'get', '/api/v1/office/staff/invitations'>['items'][number]
export type Role = Answer<'get', '/api/v1/office/roles'>['items'][number]
type Invited = Body<'post', '/api/v1/office/staff/invitations'>
type Access = Body<'put', '/api/v1/office/staff/{account_id}/roles'>
/** Roles are chosen by their codes, which come as plain text from lists and addresses. */
type ByCode<T> = Omit<T, 'roles'> & { roles: string[] }

export interface StaffFilters extends Record<string, string> {
  q: string
  role: string
  district: string
  state: string
  kind: string
}

export function useStaff() {
  const { account } = useSession()
  const staff = (account?.kind === 'partner' ? '/api/v1/partner/staff' : '/api/v1/office/staff') as '/api/v1/office/staff'
  const of = (id: string) => ({ params: { path: { account_id: id } } })

  return {
    list: (filters: StaffFilters, cursor: string | undefined) =>
      answer(client.GET(staff, { params: { query: filled({ ...filters, cursor }) as Query<'/api/v1/office/staff'> } })),
    get: (id: string) => answer(client.GET(`${staff}/{account_id}`, of(id))),
    setRoles: (id: string, body: ByCode<Access>) =>
      answer(client.PUT(`${staff}/{account_id}/roles`, { ...of(id), body: body as Access })),
    suspend: (key: string, id: string, reason: string) =>
      answer(client.POST(`${staff}/{account_id}/suspension`, { ...of(id), body: { reason }, headers: keyed(key) })),
    liftSuspension: (id: string) => answer(client.DELETE(`${staff}/{account_id}/suspension`, of(id))),
    signOut: (key: string, id: string) =>
      answer(client.POST(`${staff}/{account_id}/sign-out`, { ...of(id), body: {}, headers: keyed(key) })),
    unlock: (key: string, id: string) =>
      answer(client.POST(`${staff}/{account_id}/unlock`, { ...of(id), body: {}, headers: keyed(key) })),
    removeSecondFactors: (id: string) => answer(client.DELETE(`${staff}/{account_id}/second-factors`, of(id))),
    invitations: () => answer(client.GET(`${staff}/invitations`)),
    invite: (key: string, body: ByCode<Invited>) =>
      answer(client.POST(`${staff}/invitations`, { body: body as Invited, headers: keyed(key) })),
    withdraw: (id: string) =>
      answer(client.DELETE(`${staff}/invitations/{invitation_id}`, { params: { path: { invitation_id: id } } })),
  }
}

export const listRoles = async (): Promise<Role[]> => (await answer(client.GET('/api/v1/office/roles'))).items

/** Units by name; a city has some dozens of them. */
export const listUnits = async () => (await answer(client.GET('/api/v1/public/units', { params: { query: { limit: 200 } } }))).items

/** Only what is filled in; an empty condition is none. */
function filled<T extends Record<string, string | undefined>>(conditions: T): Partial<T> {
  return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value)) as Partial<T>
}
