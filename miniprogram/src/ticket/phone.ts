/** The phone's part: drawing tickets and showing them. `c_n` never leaves the phone. */
import { areEqual } from './bytes'
import { anchorOf, linkAt } from './chain'
import { BODY_BYTES, DEFAULT_LIFE_MINUTES, LINK_BYTES, TICKET_ID_BYTES, stepAt, stepsIn, unpack } from './layout'
import { encode } from './text'

/** What a phone keeps of a ticket besides the signed bytes. */
export interface PhoneTicket {
  ticketId: Uint8Array
  top: Uint8Array
  lifeMinutes: number
}

/** A fresh id and chain. `randomness` gives so many secret bytes, from the platform's secure source. */
export async function draw(
  randomness: (length: number) => Promise<Uint8Array>,
  lifeMinutes = DEFAULT_LIFE_MINUTES,
): Promise<PhoneTicket> {
  return { ticketId: await randomness(TICKET_ID_BYTES), top: await randomness(LINK_BYTES), lifeMinutes }
}

/** `c_0`, sent to the server with the id. */
export function anchorToSign({ ticketId, top, lifeMinutes }: PhoneTicket): Uint8Array {
  return anchorOf(ticketId, top, stepsIn(lifeMinutes))
}

/**
 * The text of the QR code at this moment (unix seconds, by the server's clock). The server may have cut
 * the life short; the chain is then longer than needed. Throws when it signed another ticket than the one
 * drawn, or the moment lies outside the life.
 */
export function show(ticket: PhoneTicket, signed: Uint8Array, seconds: number): string {
  const body = unpack(signed.slice(0, BODY_BYTES))
  const isMine = areEqual(body.ticketId, ticket.ticketId) && areEqual(body.anchor, anchorToSign(ticket))
  if (!isMine || body.lifeMinutes > ticket.lifeMinutes) {
    throw new Error('the signed ticket is not the one this phone drew')
  }
  const i = stepAt(body, seconds)
  if (i < 1 || i > stepsIn(body.lifeMinutes)) throw new Error('the ticket cannot be shown before or after its life')
  return encode(signed, i, linkAt(ticket.ticketId, ticket.top, stepsIn(ticket.lifeMinutes), i))
}
