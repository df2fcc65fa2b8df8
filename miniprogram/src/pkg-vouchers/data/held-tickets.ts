/**
 * The tickets this phone holds for one voucher or standing entitlement. They are kept in storage, so that a
 * code fetched once can be shown without network; the secret top of the chain never leaves the phone.
 */
import { fromBase64url, toBase64url } from '@/ticket/base64url'
import { BODY_BYTES, LINK_BYTES, TICKET_ID_BYTES, expiresAt, unpack } from '@/ticket/layout'
import { anchorToSign, draw, type PhoneTicket } from '@/ticket/phone'
import { SIGNED_BYTES } from '@/ticket/text'

export interface HeldTicket {
  ticket: PhoneTicket
  signed: Uint8Array
  matchNumber: string | null
  /** Unix seconds by the server's clock. */
  startsAt: number
  endsAt: number
}

/** As it stands in storage. */
export interface StoredTicket {
  id: string
  top: string
  life: number
  signed: string
  match: string | null
}

export interface SignedAnswer {
  items: { ticket_id: string; signed: string; match_number: string | null }[]
  server_time: string
}

export async function drawTickets(
  randomness: (length: number) => Promise<Uint8Array>,
  count: number,
): Promise<PhoneTicket[]> {
  const drawn: PhoneTicket[] = []
  for (let i = 0; i < count; i++) drawn.push(await draw(randomness))
  return drawn
}

export const toDraft = (ticket: PhoneTicket) => ({
  ticket_id: toBase64url(ticket.ticketId),
  anchor: toBase64url(anchorToSign(ticket)),
})

/** What was drawn together with what was signed, in the order it was drawn. */
export function toStored(drawn: readonly PhoneTicket[], answer: SignedAnswer): StoredTicket[] {
  return drawn.flatMap((ticket) => {
    const id = toBase64url(ticket.ticketId)
    const item = answer.items.find(({ ticket_id }) => ticket_id === id)
    if (!item) return []
    const { signed, match_number: match } = item
    return [{ id, top: toBase64url(ticket.top), life: ticket.lifeMinutes, signed, match }]
  })
}

export function toHeld({ id, top, life, signed: text, match }: StoredTicket): HeldTicket {
  const signed = fromBase64url(text, SIGNED_BYTES)
  const body = unpack(signed.slice(0, BODY_BYTES))
  const ticket = {
    ticketId: fromBase64url(id, TICKET_ID_BYTES),
    top: fromBase64url(top, LINK_BYTES),
    lifeMinutes: life,
  }
  return { ticket, signed, matchNumber: match, startsAt: body.notBefore, endsAt: expiresAt(body) }
}

const A_WHILE_SECONDS = 60

/** The first that can still be shown for a while. */
export function firstUsable(
  stored: readonly StoredTicket[],
  seconds: number,
  atLeastSeconds = A_WHILE_SECONDS,
): HeldTicket | null {
  return stored.map(toHeld).find(({ endsAt }) => endsAt - seconds > atLeastSeconds) ?? null
}

/** How many can still be shown for a while. */
export function usableIn(stored: readonly StoredTicket[], seconds: number): number {
  return stored.map(toHeld).filter(({ endsAt }) => endsAt - seconds > A_WHILE_SECONDS).length
}

/** Seconds until the next link is shown; steps begin with the ticket's life. */
export function secondsToNextStep(held: HeldTicket, seconds: number, stepSeconds: number): number {
  const into = (((seconds - held.startsAt) % stepSeconds) + stepSeconds) % stepSeconds
  return Math.ceil(stepSeconds - into)
}
