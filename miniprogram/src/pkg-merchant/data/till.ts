/**
 * One customer at the till, from the scan to "done". Each scan has an id of its own: whatever is lost on the
 * way is asked again with the same id, so that a code is never honoured twice by one scan.
 */
import { computed, reactive, ref, shallowRef } from 'vue'
import { SignedOut, newKey, type Schema } from '@/api'
import { useAction } from '@/composables/use-action'
import { sentence } from '@/composables/sentence'
import { momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'
import * as service from './desk'
import { asksForMatch, isAboutTyping, isRefusal, refusalInWords, ticketIn, tidyCode, toVerdictView, type VerdictView } from './desk'
import { fenOf } from './money'

/** `repeated` is a code this till honoured before, `unanswered` that nobody knows yet whether it was. */
export type TillState = 'ready' | 'unchecked' | 'refused' | 'repeated' | 'entitled' | 'unanswered' | 'signedOut' | 'done'
/** What a clerk hears and feels; nothing, when nothing was done. */
export type Signal = 'good' | 'bad' | null

export interface TillService {
  validate: typeof service.validate
  redeem: typeof service.redeem
  drawId(): Promise<string>
}

const ALREADY = 'voucher.already_redeemed'

export function useTill({ validate, redeem, drawId }: TillService = { ...service, drawId: newKey }) {
  const code = ref('')
  const note = reactive({ match: '', orderRef: '', amount: '' })
  const verdict = shallowRef<VerdictView | null>(null)
  const done = shallowRef<Schema['Redemption'] | null>(null)
  const asksMatch = ref(false)
  const wasAskedAgain = ref(false)
  /** When this till honoured which ticket, as long as the app is open. */
  const honoured = new Map<string, string>()
  let scanId = ''

  const checking = useAction((key, shown: string) => validate(shown, key), drawId)
  const honouring = useAction((key, asked: service.Honouring) => redeem(asked, key), drawId)
  const isBusy = computed(() => checking.isBusy.value || honouring.isBusy.value)
  const failure = computed(() => checking.failure.value ?? honouring.failure.value)
  const before = computed(() => (isAlreadyUsed() ? honoured.get(ticketIn(code.value)) : undefined))

  function isAlreadyUsed(): boolean {
    return verdict.value?.code === ALREADY || service.hasBeenUsed(honouring.failure.value)
  }

  const state = computed<TillState>(() => {
    if (done.value) return 'done'
    if (failure.value instanceof SignedOut) return 'signedOut'
    if (before.value) return 'repeated'
    if (checking.failure.value) return isRefusal(checking.failure.value) ? 'refused' : 'unchecked'
    const refused = honouring.failure.value
    if (refused && !asksForMatch(refused)) return isRefusal(refused) ? 'refused' : 'unanswered'
    if (!verdict.value) return 'ready'
    return verdict.value.isEntitled ? 'entitled' : 'refused'
  })

  /** The one sentence that goes with the state. */
  const reason = computed(() => {
    if (before.value) return zh.desk.usedAt(momentInWords(before.value))
    if (state.value === 'unchecked' || state.value === 'unanswered') return sentence(failure.value)
    if (state.value !== 'refused') return ''
    return failure.value ? refusalInWords(failure.value) : (verdict.value?.reason ?? '')
  })
  const refusal = computed(() =>
    verdict.value?.isMistyped || isAboutTyping(failure.value) ? zh.desk.typedCode.refused : zh.desk.refused,
  )
  const matchError = computed(() => {
    const refused = honouring.failure.value
    return !note.match && asksForMatch(refused) && 'tries_left' in refused.data ? refusalInWords(refused) : ''
  })
  const amountError = computed(() => (fenOf(note.amount) === undefined ? zh.desk.amountWrong : ''))
  const canConfirm = computed(() => (!asksMatch.value || /^\d{2}$/.test(note.match)) && !amountError.value)

  async function check(shown: string): Promise<Signal> {
    if (isBusy.value) return null
    startAnew()
    code.value = tidyCode(shown)
    if (!code.value) return null
    const answer = await checking.run(code.value)
    if (!answer) return 'bad'
    scanId = await drawId()
    verdict.value = toVerdictView(answer)
    asksMatch.value = verdict.value.needsMatch
    return verdict.value.isEntitled ? 'good' : 'bad'
  }

  /** Also the way to ask again: as long as nothing is changed, the service gives its first answer. */
  async function confirm(): Promise<Signal> {
    if (isBusy.value || !canConfirm.value) return null
    wasAskedAgain.value = state.value === 'unanswered'
    const asked = {
      code: code.value,
      scanId,
      match: note.match || null,
      orderRef: note.orderRef.trim() || null,
      amountFen: fenOf(note.amount) ?? null,
    }
    done.value = await honouring.run(asked)
    if (done.value) {
      honoured.set(ticketIn(code.value), done.value.accepted_at)
      return 'good'
    }
    if (asksForMatch(honouring.failure.value)) {
      asksMatch.value = true
      note.match = ''
    }
    return 'bad'
  }

  /** After signing in anew, and when the network is back: take up what was interrupted. */
  async function goOn(): Promise<Signal> {
    if (state.value === 'unanswered') return confirm()
    if (state.value !== 'signedOut' && state.value !== 'unchecked') return null
    return verdict.value ? confirm() : check(code.value)
  }

  function startAnew(): void {
    verdict.value = null
    done.value = null
    asksMatch.value = false
    wasAskedAgain.value = false
    note.match = note.orderRef = note.amount = ''
    checking.failure.value = null
    honouring.failure.value = null
  }

  return {
    state, refusal, reason, verdict, done, note, asksMatch, matchError, amountError, canConfirm, isBusy, wasAskedAgain,
    check, confirm, goOn, startAnew,
  }
}
