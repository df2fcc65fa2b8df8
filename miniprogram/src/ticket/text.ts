/** The text inside the QR code: `HS1:` and the signed ticket with the link of the moment in base45. */
import { fromBase45, toBase45 } from './base45'
import { joined, numberFrom, twoBytes } from './bytes'
import { BODY_BYTES, stepsIn, unpack, type TicketBody } from './layout'
import { MalformedTicket } from './malformed'

export const PREFIX = 'HS1:'
export const TEXT_LENGTH = 190
export const SIGNED_BYTES = BODY_BYTES + 64
const LINK_OFFSET = SIGNED_BYTES + 2

/** A ticket as a till sees it: well formed, and nothing in it believed yet. */
export interface PresentedTicket {
  /** The very bytes that were shown: the signature is checked over these. */
  signed: Uint8Array
  body: TicketBody
  /** The step the phone claims, and the link that shall prove it. */
  i: number
  link: Uint8Array
}

export function encode(signed: Uint8Array, i: number, link: Uint8Array): string {
  return PREFIX + toBase45(joined(signed, twoBytes(i), link))
}

/** Read a scanned text to the letter; a text that differs in any way throws `MalformedTicket`. */
export function decode(text: string): PresentedTicket {
  if (text.length !== TEXT_LENGTH) throw new MalformedTicket('wrong_length')
  if (!text.startsWith(PREFIX)) throw new MalformedTicket('wrong_prefix')
  const raw = fromBase45(text.slice(PREFIX.length))
  const body = unpack(raw.slice(0, BODY_BYTES))
  const i = numberFrom(raw.slice(SIGNED_BYTES, LINK_OFFSET))
  if (i < 1 || i > stepsIn(body.lifeMinutes)) throw new MalformedTicket('step_out_of_range')
  return { signed: raw.slice(0, SIGNED_BYTES), body, i, link: raw.slice(LINK_OFFSET) }
}
