/** What became of the code on the screen: open still, honoured, or over for another reason. */
import { ref } from 'vue'
import { signalGood } from '@/platform/feedback'
import type { Over, ShownOffer } from './showing'

export function useOutcome() {
  const usedAt = ref<string | null>(null)
  const usesLeft = ref(0)
  const over = ref<Over | null>(null)
  let usesAtStart: number | null = null

  /** Before a code is shown. */
  function begin(offer: ShownOffer): void {
    usesAtStart ??= offer.usesLeft
    over.value = offer.over
  }

  /** While it is shown; tells whether there is nothing more to wait for. */
  function follow(offer: ShownOffer, serverMs: number): boolean {
    usesAtStart ??= offer.usesLeft
    if (offer.usesLeft < usesAtStart) {
      usesLeft.value = offer.over ? 0 : offer.usesLeft
      usedAt.value = offer.lastUsedAt ?? new Date(serverMs).toISOString()
      signalGood()
      return true
    }
    over.value = offer.over
    return offer.over !== null
  }

  /** For one more use. */
  function startAnew(): void {
    usedAt.value = null
    usesAtStart = null
  }

  return { usedAt, usesLeft, over, begin, follow, startAnew }
}
