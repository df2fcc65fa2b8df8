/**
 * The hash chain that makes the code on the screen change: easy to check downwards, impossible to climb.
 * The phone draws the top link `c_n` and shows the links from `c_1` upwards. The signed anchor is `c_0`.
 */
import { sha256 } from '@noble/hashes/sha2'
import { areEqual, ascii, joined, twoBytes } from './bytes'
import { LINK_BYTES } from './layout'

const CONTEXT = ascii('HS1c')

/** The link below: `c_{i-1}` from `c_i`. */
export function nextLink(ticketId: Uint8Array, i: number, link: Uint8Array): Uint8Array {
  return sha256(joined(CONTEXT, ticketId, twoBytes(i), link)).slice(0, LINK_BYTES)
}

/** The link `c_i` of the chain whose top is `c_n`. */
export function linkAt(ticketId: Uint8Array, top: Uint8Array, n: number, i: number): Uint8Array {
  let link = top
  for (let step = n; step > i; step--) link = nextLink(ticketId, step, link)
  return link
}

export function anchorOf(ticketId: Uint8Array, top: Uint8Array, n: number): Uint8Array {
  return linkAt(ticketId, top, n, 0)
}

/** Whether `c_i` belongs to the anchor's chain. Step 0 never does: the anchor itself is public. */
export function leadsToAnchor(ticketId: Uint8Array, i: number, link: Uint8Array, anchor: Uint8Array): boolean {
  return i >= 1 && areEqual(anchorOf(ticketId, link, i), anchor)
}
