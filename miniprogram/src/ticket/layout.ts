/** The body of a ticket: the 42 bytes that are signed (docs/ticket.md). */
import { joined, numberFrom, twoBytes } from './bytes'
import { MalformedTicket } from './malformed'

export const VERSION = 1
export const STEP_SECONDS = 30
export const DEFAULT_LIFE_MINUTES = 240
export const MAX_LIFE_MINUTES = 1440
export const TICKET_ID_BYTES = 12
export const LINK_BYTES = 16
export const BODY_BYTES = 42

export const ED25519 = 1
const ALGORITHMS = [ED25519, 2, 3]

export const OFFLINE = 1
export const NEEDS_MATCH = 2
export const SEVERAL_ITEMS = 4
const KNOWN_FLAGS = OFFLINE | NEEDS_MATCH | SEVERAL_ITEMS

/** One offer, one short life, and the anchor of the phone's chain. Times are unix seconds. */
export interface TicketBody {
  algorithm: number
  keyId: number
  ticketId: Uint8Array
  offer: number
  notBefore: number
  lifeMinutes: number
  flags: number
  anchor: Uint8Array
}

export const expiresAt = (body: TicketBody) => body.notBefore + body.lifeMinutes * 60
export const stepsIn = (lifeMinutes: number) => Math.floor((lifeMinutes * 60) / STEP_SECONDS)

/** The number of the step that contains the moment; outside the life it is not within 1 to the last. */
export const stepAt = (body: TicketBody, seconds: number) =>
  Math.floor((seconds - body.notBefore) / STEP_SECONDS) + 1

export function pack(body: TicketBody): Uint8Array {
  return joined(
    Uint8Array.of((VERSION << 4) | body.algorithm, body.keyId),
    body.ticketId,
    twoBytes(Math.floor(body.offer / 65536)),
    twoBytes(body.offer % 65536),
    twoBytes(Math.floor(body.notBefore / 65536)),
    twoBytes(body.notBefore % 65536),
    twoBytes(body.lifeMinutes),
    Uint8Array.of(body.flags, STEP_SECONDS),
    body.anchor,
  )
}

/** Read a body and refuse every byte the format does not know. */
export function unpack(raw: Uint8Array): TicketBody {
  if (raw.length !== BODY_BYTES) throw new MalformedTicket('wrong_length')
  const head = raw[0]!
  if (head >> 4 !== VERSION) throw new MalformedTicket('unknown_version')
  const flags = raw[24]!
  if (flags & ~KNOWN_FLAGS) throw new MalformedTicket('unknown_flag')
  if (!ALGORITHMS.includes(head & 0x0f)) throw new MalformedTicket('unknown_algorithm')
  const lifeMinutes = numberFrom(raw.slice(22, 24))
  if (lifeMinutes < 1 || lifeMinutes > MAX_LIFE_MINUTES) throw new MalformedTicket('life_out_of_range')
  if (raw[25] !== STEP_SECONDS) throw new MalformedTicket('wrong_step_length')
  return {
    algorithm: head & 0x0f,
    keyId: raw[1]!,
    ticketId: raw.slice(2, 14),
    offer: numberFrom(raw.slice(14, 18)),
    notBefore: numberFrom(raw.slice(18, 22)),
    lifeMinutes,
    flags,
    anchor: raw.slice(26, 42),
  }
}
