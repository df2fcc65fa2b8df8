/** One person proving who they are: a way is chosen, a check begun, gone through outside, and used to bind. */
import { computed, ref, shallowRef } from 'vue'
import { hasCode, type Schema } from '@/api'
import { useAction } from '@/composables/use-action'
import { checkFace, whyNotPassed, type StandIn } from '@/platform/face'
import { showNetworkIdentity } from '@/platform/network-identity'
import { bind, fetchState, openCheck, type Check, type Claim, type Proof, type Way } from '../data/proving'
import { tellTrouble, type End } from '../data/trouble'

/** The other side may need a moment after the phone is done. */
const ASKS_ANEW = 3
const PAUSE_MS = 2_000
/** After these a check proves nothing any more; anything else leaves it good. */
const ENDS_CHECK = ['failed', 'expired', 'used', 'of_another'].map((how) => `identity.check_${how}`)

export function useProving(claim: Claim, standIn: StandIn, succeed: (bound: Schema['Bound']) => void) {
  const way = ref<Way>('face')
  const check = shallowRef<Check | null>(null)
  const end = ref<End | null>(null)
  const isBusy = ref(false)
  const askMove = ref(false)
  const opening = useAction((key, chosen: Way, told: Claim) => openCheck(chosen, told, key))
  const binding = useAction((key, told: Claim, proof: Proof, move: boolean) => bind(told, proof, move, key))

  const failure = computed(() => opening.failure.value ?? binding.failure.value)
  const trouble = computed(() => (askMove.value ? '' : tellTrouble(way.value, end.value, failure.value)))
  /** Whether asking for the result once more can help. */
  const canAsk = computed(() => check.value !== null && trouble.value !== '')

  async function alone(work: () => Promise<void>): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    await work().finally(() => (isBusy.value = false))
  }

  /** Nothing of an earlier try counts any more. */
  function begin(): void {
    check.value = end.value = opening.failure.value = binding.failure.value = null
    askMove.value = false
  }

  const choose = (chosen: Way) =>
    alone(async () => {
      begin()
      way.value = chosen
      if (chosen === 'sandbox') return finish()
      check.value = await opening.run(chosen, { ...claim })
      if (!check.value || chosen === 'window') return
      end.value = await goThrough(check.value)
      if (end.value === 'done') await finish()
    })

  function goThrough({ verify_id, parameters }: Check): Promise<End> {
    if (parameters) return showNetworkIdentity(parameters, standIn, { ...claim })
    return checkFace(verify_id ?? '', standIn)
  }

  async function finish(move = false, asksLeft = way.value === 'window' ? 0 : ASKS_ANEW): Promise<void> {
    const proof = { provider: way.value, ...(check.value && { ticket: check.value.id }) }
    const bound = await binding.run({ ...claim }, proof, move)
    const why = binding.failure.value
    askMove.value = hasCode(why, 'identity.bound_elsewhere')
    if (bound) succeed(bound)
    else if (!hasCode(why, 'identity.check_pending')) noteRefusal(why)
    else if (asksLeft) {
      await new Promise((next) => setTimeout(next, PAUSE_MS))
      await finish(move, asksLeft - 1)
    } else end.value = 'pending'
  }

  function noteRefusal(why: unknown): void {
    end.value = null
    if (!hasCode(why, ...ENDS_CHECK)) return
    check.value = null
    if (way.value === 'face' && 'provider_code' in why.data) end.value = whyNotPassed(why.data.provider_code)
  }

  const askResult = () => alone(() => finish())
  const move = () => alone(() => finish(true))

  /** Whether the window is done with the code that is shown. */
  async function lookAtWindow(): Promise<boolean> {
    if (!check.value || isBusy.value) return check.value === null
    const state = await fetchState(check.value.id)
    if (state === 'open') return false
    await askResult()
    return true
  }

  return { way, check, trouble, failure, canAsk, isBusy, askMove, begin, choose, askResult, move, lookAtWindow }
}
