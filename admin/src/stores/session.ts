/** Who sits at the console, what they may do, and when the service will ask them to sign in again. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { answer, client, isSessionOver, link, type Answer } from '@/api'

type Session = Answer<'get', '/api/v1/console/session'>
export type Account = NonNullable<Session['account']>
/** `over`: it ended while somebody was at work, whose page stays as it is. */
export type Stage = 'unknown' | 'none' | 'signed_in' | 'over'

export const useSession = defineStore('session', () => {
  const stage = ref<Stage>('unknown')
  const account = shallowRef<Account | null>(null)
  const csrfToken = ref('')
  const idleMs = ref(0)
  const idleEndsAt = ref(0)
  const endsAt = ref(0)
  const failure = shallowRef<unknown>(null)

  const isIn = computed(() => stage.value === 'signed_in')
  const hasSecondFactor = computed(() => !!account.value?.second_factors.totp || !!account.value?.second_factors.passkeys)
  const may = (permissions: readonly string[] = []) =>
    permissions.length === 0 || permissions.some((each) => account.value?.permissions.includes(each))

  /** Ask the service who is here; this also puts off the end. */
  async function load(): Promise<void> {
    failure.value = null
    try {
      const asking = client.GET('/api/v1/console/session')
      take(await answer(asking), (await asking).response.headers.get('date'))
    } catch (error) {
      if (isSessionOver(error)) leave()
      else failure.value = error
    }
  }

  /** `date` is the service's clock, since the desk's may be wrong. */
  function take(session: Session, date: string | null): void {
    csrfToken.value = session.csrf_token
    account.value = session.account
    const now = date ? Date.parse(date) : Date.now()
    const left = (time: string) => Date.parse(time) - now
    idleMs.value = left(session.idle_ends_at)
    idleEndsAt.value = Date.now() + idleMs.value
    endsAt.value = Date.now() + left(session.ends_at)
    stage.value = session.step === 'signed_in' ? 'signed_in' : 'none'
  }

  /** Half-way through signing in there is a session already, whose changes need its secret word. */
  const hold = (word: string) => (csrfToken.value = word)

  function leave(): void {
    if (stage.value === 'signed_in' || stage.value === 'over') stage.value = 'over'
    else stage.value = 'none'
  }

  async function signOut(): Promise<void> {
    await answer(client.DELETE('/api/v1/console/session'))
    account.value = null
    stage.value = 'none'
  }

  link.csrfToken = () => csrfToken.value
  link.answered = () => (idleEndsAt.value = Date.now() + idleMs.value)
  link.ended = leave
  link.outdated = () => void load()

  return { stage, account, csrfToken, idleEndsAt, endsAt, failure, isIn, hasSecondFactor, may, load, hold, signOut }
})
