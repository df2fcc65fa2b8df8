/**
 * What the phone holds of the resident who is signed in, to show it without network. It goes with the session:
 * a till without network would honour a ticket of somebody who has signed out.
 */
import * as storage from '@/platform/storage'

const TICKETS = 'tickets.'
let forgotten = 0

export const ticketsKey = (of: string) => TICKETS + of

export function forgetHeld(): void {
  forgotten++
  storage.removeAll(TICKETS)
}

/** Whether the session goes on in which one began to ask: what comes after its end is not kept. */
export function sessionWatch(): () => boolean {
  const before = forgotten
  return () => before === forgotten
}
