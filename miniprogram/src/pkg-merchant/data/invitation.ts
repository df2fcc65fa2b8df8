/** An invitation to a shop: where its code comes from, and what it leads to. */
import { call, type Schema } from '@/api'
import { momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'

const words = zh.join.invited

/** Of our own link, or of a mini-program code. */
export const invitationIn = (query: Record<string, string | undefined> = {}): string =>
  query.invite || decodeURIComponent(query.scene ?? '')

export const lookAt = (invite: string) => call('post', '/api/v1/merchant/invitations/look', { body: { invite } })

export const factsOf = ({ shop, unit_name: unit, expires_at: until }: Schema['LookedClerkInvitation']) => [
  { name: words.shop, value: shop.name },
  { name: words.unit, value: unit },
  { name: words.address, value: shop.address },
  { name: words.until, value: momentInWords(until) },
]
