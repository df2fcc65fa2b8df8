/** Whether a well-formed ticket is good, here and now. "Good" is not "unused": only the server knows that. */
import { ed25519 } from '@noble/curves/ed25519'
import { ascii, joined } from './bytes'
import { leadsToAnchor } from './chain'
import { BODY_BYTES, ED25519, expiresAt, stepAt } from './layout'
import type { PresentedTicket } from './text'

export const STEP_TOLERANCE = 2
const CONTEXT = ascii('HS1-ticket\0')

/** What judging comes to; one for each check, in the order of the checks. */
export type Outcome =
  | 'unknown_key'
  | 'key_not_in_force'
  | 'bad_signature'
  | 'not_yet'
  | 'expired'
  | 'stale_step'
  | 'broken_chain'
  | 'valid'

/** One of the city's public keys; in force until before `validUntil`. Times are unix seconds. */
export interface PublicTicketKey {
  keyId: number
  algorithm: number
  publicKey: Uint8Array
  validFrom: number
  validUntil: number
}

/**
 * The first check the ticket fails, or `valid`. Before the signature holds, the key id is used to look up
 * a key and nothing else is believed.
 */
export function judge(presented: PresentedTicket, keys: readonly PublicTicketKey[], seconds: number): Outcome {
  const key = keys.find(({ keyId }) => keyId === presented.body.keyId)
  if (!key) return 'unknown_key'
  if (seconds < key.validFrom || seconds >= key.validUntil) return 'key_not_in_force'
  if (!isSignedWith(key, presented)) return 'bad_signature'
  return judgeSigned(presented, seconds)
}

function isSignedWith(key: PublicTicketKey, { signed, body }: PresentedTicket): boolean {
  // The ticket may not choose how its own signature is checked, so both must name the algorithm.
  if (body.algorithm !== ED25519 || key.algorithm !== ED25519) return false
  try {
    const message = joined(CONTEXT, signed.slice(0, BODY_BYTES))
    return ed25519.verify(signed.slice(BODY_BYTES), message, key.publicKey, { zip215: false })
  } catch {
    return false
  }
}

function judgeSigned({ body, i, link }: PresentedTicket, seconds: number): Outcome {
  if (seconds < body.notBefore) return 'not_yet'
  if (seconds >= expiresAt(body)) return 'expired'
  if (Math.abs(i - stepAt(body, seconds)) > STEP_TOLERANCE) return 'stale_step'
  if (!leadsToAnchor(body.ticketId, i, link, body.anchor)) return 'broken_chain'
  return 'valid'
}
