/** What the code page shows and asks for: one voucher, or one standing entitlement. */
import { SignedOut, call, hasCode, type Schema } from '@/api'
import { sessionWatch, ticketsKey } from '@/api/held'
import { sentence } from '@/composables/sentence'
import { randomBytes } from '@/platform/random'
import * as storage from '@/platform/storage'
import { dayInWords, dayOf, lastDayBefore, momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'
import { drawTickets, firstUsable, toDraft, toStored, usableIn, type HeldTicket, type StoredTicket } from './held-tickets'

export type Shown = { voucher: string } | { incentive: string }

export interface Offer {
  title: string
  benefit: string
  terms: string[]
}
/** Why no code can be shown. */
export interface Over {
  kind: 'used' | 'ended' | 'refused'
  title: string
  text: string
}
export interface ShownOffer {
  offer: Offer
  incentiveId: string
  /** Null when a code can be shown for it now. */
  over: Over | null
  usesLeft: number
  lastUsedAt: string | null
}
/** A code that can be shown, and how many more the phone holds. */
export interface Code {
  held: HeldTicket
  more: number
  offer: Offer
  /** How far the service's clock is ahead of the phone's. */
  aheadMs: number
}

interface Kept {
  tickets: StoredTicket[]
  offer: Offer
  aheadMs: number
}

/** What a phone asks for at once, for times without network: the most that the service signs. */
const TICKETS_AT_ONCE = 5
/** How long a held code waits for a newer one. */
const PATIENCE_MS = 2_500
const keyOf = (shown: Shown) => ticketsKey('voucher' in shown ? shown.voucher : shown.incentive)

export async function fetchOffer(shown: Shown): Promise<ShownOffer> {
  if ('voucher' in shown) {
    const voucher = await call('get', '/api/v1/resident/vouchers/{voucher_id}', { path: { voucher_id: shown.voucher } })
    const { offer, incentive_id: incentiveId, uses_left: usesLeft, last_redeemed_at: lastUsedAt } = voucher
    return { offer, incentiveId, over: whyVoucherIsOver(voucher), usesLeft, lastUsedAt }
  }
  const path = { incentive_id: shown.incentive }
  const incentive = await call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
  const { id: incentiveId, remaining_for_me: usesLeft } = incentive
  return { offer: incentive, incentiveId, over: whyClosed(incentive), usesLeft, lastUsedAt: null }
}

export function whyVoucherIsOver(
  voucher: Pick<Schema['Voucher'], 'state' | 'last_redeemed_at' | 'ended_at' | 'expires_at'>,
): Over | null {
  if (voucher.state === 'issued') return null
  if (voucher.state === 'redeemed') {
    const text = voucher.last_redeemed_at ? zh.usedAt(momentInWords(voucher.last_redeemed_at)) : zh.over.text
    return { kind: 'used', title: zh.used, text }
  }
  const lastDay = lastDayBefore(voucher.expires_at)
  if (voucher.state === 'expired') return { kind: 'ended', title: zh.over.expired, text: zh.over.endedOn(dayInWords(lastDay)) }
  const day = dayInWords(voucher.ended_at ? dayOf(voucher.ended_at) : lastDay)
  if (voucher.state === 'cancelled') return { kind: 'ended', title: zh.over.cancelled, text: zh.over.endedOn(day) }
  return { kind: 'ended', title: zh.over.title, text: zh.over.text }
}

export function whyClosed(incentive: Pick<Schema['IncentiveForMe'], 'eligible' | 'remaining_for_me'>): Over | null {
  if (!incentive.eligible) return { kind: 'refused', title: zh.over.title, text: zh.over.notEntitled }
  if (incentive.remaining_for_me < 1) return { kind: 'used', title: zh.over.noneLeft, text: zh.over.noneLeftText }
  return null
}

/** The service would not sign a code: not a fault, so it is told like any other reason. */
export function whyRefused(failure: unknown): Over | null {
  if (!hasCode(failure, 'voucher.ended', 'voucher.not_entitled', 'voucher.limit_reached', 'incentive.ended', 'incentive.paused')) {
    return null
  }
  return { kind: 'refused', title: zh.over.title, text: sentence(failure) }
}

/** A ticket of an earlier time that can still be shown, with the offer it is for. */
export function findKept(shown: Shown, nowMs: number): Code | null {
  const kept = storage.read<Kept>(keyOf(shown))
  if (!kept) return null
  const { offer, aheadMs = 0 } = kept
  const seconds = (nowMs + aheadMs) / 1000
  const held = firstUsable(kept.tickets, seconds)
  return held && { held, more: usableIn(kept.tickets, seconds) - 1, offer, aheadMs }
}

/** New tickets from the service. */
export async function fetchTickets(shown: Shown, offer: Offer): Promise<Code> {
  const isSignedIn = sessionWatch()
  const drawn = await drawTickets(randomBytes, TICKETS_AT_ONCE)
  const what = 'voucher' in shown ? { voucher_id: shown.voucher } : { incentive_id: shown.incentive }
  const asked = Date.now()
  const answer = await call('post', '/api/v1/resident/tickets', { body: { ...what, tickets: drawn.map(toDraft) } })
  if (!isSignedIn()) throw new SignedOut('resident')
  const now = Date.now()
  const serverMs = new Date(answer.server_time).getTime()
  const aheadMs = serverMs - (asked + now) / 2
  const tickets = toStored(drawn, answer)
  const { title, benefit, terms } = offer
  storage.write(keyOf(shown), { tickets, offer: { title, benefit, terms }, aheadMs } satisfies Kept)
  const held = firstUsable(tickets, serverMs / 1000, 0)
  if (!held) throw new Error('nothing was signed')
  return { held, more: tickets.length - 1, offer, aheadMs }
}

/**
 * A new code if one comes soon, else the one the phone holds: on a slow network nobody waits at the till.
 * The new one is told later, when it comes. A sign-out ended the held ones too, so they are not shown.
 */
export async function freshOrKept(
  fetchFresh: () => Promise<Code>,
  kept: Code | null,
  cameLate: (code: Code) => void,
  patienceMs = PATIENCE_MS,
): Promise<Code> {
  const fresh = fetchFresh()
  if (!kept) return fresh
  let isLate = false
  const soon = new Promise<Code>((resolve) => setTimeout(() => resolve(kept), patienceMs)).finally(() => (isLate = true))
  void fresh.then((code) => isLate && cameLate(code), () => undefined)
  const orKept = fresh.catch((failure: unknown) => {
    if (failure instanceof SignedOut || whyRefused(failure)) throw failure
    return kept
  })
  return Promise.race([orKept, soon])
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
