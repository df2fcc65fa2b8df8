/** Proving who one is: the ways there are, a check that is begun and looked after, and binding with it. */
import { call, type Schema } from '@/api'
import { canCheckFace } from '@/platform/face'
import { canShowNetworkIdentity } from '@/platform/network-identity'
import { tidyIdNumber } from './id-number'

export interface Claim {
  name: string
  idNumber: string
}
export type Check = Schema['OpenedCheck']

/** In the order in which they are offered. */
const WAYS = ['face', 'ncidas', 'window', 'sandbox'] as const
export type Way = (typeof WAYS)[number]
export interface Proof {
  provider: Way
  ticket?: string
}

const CAN: Record<Way, () => Promise<boolean>> = {
  face: canCheckFace,
  ncidas: canShowNetworkIdentity,
  window: async () => true,
  sandbox: async () => true,
}

/** The ways that are in use here and that this phone can go. */
export async function fetchWays(): Promise<Way[]> {
  const { items } = await call('get', '/api/v1/resident/identity/providers')
  const inUse = WAYS.filter((way) => items.includes(way))
  const can = await Promise.all(inUse.map((way) => CAN[way]()))
  return inUse.filter((_, place) => can[place])
}

const told = ({ name, idNumber }: Claim) => ({ name: name.trim(), id_number: tidyIdNumber(idNumber) })

export const openCheck = (way: Way, claim: Claim, key: string) =>
  call('post', '/api/v1/resident/identity/checks', { key, body: { ...told(claim), provider: way } })

export const fetchState = async (checkId: string) =>
  (await call('get', '/api/v1/resident/identity/checks/{check_id}', { path: { check_id: checkId } })).state

export const bind = (claim: Claim, proof: Proof, move: boolean, key: string) =>
  call('post', '/api/v1/resident/identity', { key, body: { ...told(claim), proof, move } })
