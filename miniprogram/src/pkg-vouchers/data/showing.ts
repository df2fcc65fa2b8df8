/** What the code page shows and asks for: one voucher, or one standing entitlement. */
import { call } from '@/api'
import { randomBytes } from '@/platform/random'
import * as storage from '@/platform/storage'
import { drawTickets, firstUsable, toDraft, toStored, type HeldTicket, type StoredTicket } from './held-tickets'

export type Shown = { voucher: string } | { incentive: string }

export interface Offer {
  title: string
  benefit: string
  terms: string[]
}
export interface ShownOffer {
  offer: Offer
  /** Whether a code can be shown for it now. */
  isOpen: boolean
  usesLeft: number
  lastUsedAt: string | null
}

interface Kept {
  tickets: StoredTicket[]
  offer: Offer
}

/** What a phone asks for at once, for times without network. */
const TICKETS_AT_ONCE = 3
const keyOf = (shown: Shown) => `tickets.${'voucher' in shown ? shown.voucher : shown.incentive}`

export async function fetchOffer(shown: Shown): Promise<ShownOffer> {
  if ('voucher' in shown) {
    const voucher = await call('get', '/api/v1/resident/vouchers/{voucher_id}', { path: { voucher_id: shown.voucher } })
    const isOpen = voucher.state === 'issued'
    return { offer: voucher.offer, isOpen, usesLeft: voucher.uses_left, lastUsedAt: voucher.last_redeemed_at }
  }
  const path = { incentive_id: shown.incentive }
  const incentive = await call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
  const isOpen = incentive.eligible && incentive.remaining_for_me > 0
  return { offer: incentive, isOpen, usesLeft: incentive.remaining_for_me, lastUsedAt: null }
}

/** A ticket of an earlier time that can still be shown, with the offer it is for. */
export function findKept(shown: Shown, seconds: number): { held: HeldTicket; offer: Offer } | null {
  const kept = storage.read<Kept>(keyOf(shown))
  const held = kept && firstUsable(kept.tickets, seconds)
  return kept && held ? { held, offer: kept.offer } : null
}

/** New tickets from the service; tells also how far its clock is ahead of the phone's, in milliseconds. */
export async function fetchTickets(shown: Shown, offer: Offer): Promise<{ held: HeldTicket; aheadMs: number }> {
  const drawn = await drawTickets(randomBytes, TICKETS_AT_ONCE)
  const what = 'voucher' in shown ? { voucher_id: shown.voucher } : { incentive_id: shown.incentive }
  const asked = Date.now()
  const answer = await call('post', '/api/v1/resident/tickets', { body: { ...what, tickets: drawn.map(toDraft) } })
  const now = Date.now()
  const serverMs = new Date(answer.server_time).getTime()
  const tickets = toStored(drawn, answer)
  const { title, benefit, terms } = offer
  storage.write(keyOf(shown), { tickets, offer: { title, benefit, terms } } satisfies Kept)
  const held = firstUsable(tickets, serverMs / 1000, 0)
  if (!held) throw new Error('nothing was signed')
  return { held, aheadMs: serverMs - (asked + now) / 2 }
}

/** A used ticket is worth nothing any more; the others of a voucher with several uses stay. */
export function dropTicket(shown: Shown, held: HeldTicket): void {
  const kept = storage.read<Kept>(keyOf(shown))
  if (!kept) return
  const used = toDraft(held.ticket).ticket_id
  const tickets = kept.tickets.filter(({ id }) => id !== used)
  if (tickets.length) storage.write(keyOf(shown), { ...kept, tickets })
  else storage.remove(keyOf(shown))
}

export const forgetTickets = (shown: Shown) => storage.remove(keyOf(shown))
