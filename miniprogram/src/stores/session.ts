import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call, tokens, type Schema } from '@/api'
import { forgetHeld } from '@/api/held'
import type { Audience } from '@/api/tokens'

export type Resident = Schema['Resident']
export type Clerk = Schema['Clerk']

/** Who is signed in on this phone: a resident, a clerk, both or nobody. The names are asked, not stored. */
export const useSession = defineStore('session', () => {
  const isResident = ref(tokens.pair('resident') !== null)
  const isClerk = ref(tokens.pair('merchant') !== null)
  const resident = ref<Resident | null>(null)
  const clerk = ref<Clerk | null>(null)

  tokens.onForgotten((audience: Audience) => {
    if (audience === 'resident') {
      isResident.value = false
      resident.value = null
    } else {
      isClerk.value = false
      clerk.value = null
    }
  })

  async function signIn(code: string): Promise<Resident> {
    const session = await call('post', '/api/v1/resident/session', { body: { code } })
    forgetHeld()
    tokens.keep('resident', session)
    isResident.value = true
    resident.value = session.resident
    return session.resident
  }

  async function signInClerk(code: string, invite?: string): Promise<Clerk> {
    const session = await call('post', '/api/v1/merchant/session', { body: { code, invite: invite ?? null } })
    tokens.keep('merchant', session)
    isClerk.value = true
    clerk.value = session.clerk
    return session.clerk
  }

  /** Whose account this is, asked once. */
  async function whoAmI(): Promise<Resident> {
    resident.value ??= await call('get', '/api/v1/resident/identity')
    return resident.value
  }

  /** At which shop this phone is signed in, asked once. */
  async function whichShop(): Promise<Clerk> {
    clerk.value ??= await call('get', '/api/v1/merchant/session')
    return clerk.value
  }

  /** Binding, and a move to this account, change who one is and sometimes the tokens. */
  function becomes(bound: Schema['Bound']): void {
    if (bound.session) {
      forgetHeld()
      tokens.keep('resident', bound.session)
    }
    resident.value = { id: bound.id, bound: bound.bound, masked_name: bound.masked_name }
  }

  /** The phone forgets in any case; a service that is not reached ends the session by itself later. */
  async function signOut(): Promise<void> {
    try {
      await call('delete', '/api/v1/resident/session')
    } finally {
      tokens.forget('resident')
    }
  }

  /** For a lost phone. This one stays signed in until the service has done it, so that one can try again. */
  async function signOutEverywhere(): Promise<void> {
    await call('delete', '/api/v1/resident/sessions')
    tokens.forget('resident')
  }

  async function signOutClerk(): Promise<void> {
    try {
      await call('delete', '/api/v1/merchant/session')
    } finally {
      tokens.forget('merchant')
    }
  }

  return {
    isResident,
    isClerk,
    resident,
    clerk,
    signIn,
    signInClerk,
    whoAmI,
    whichShop,
    becomes,
    signOut,
    signOutEverywhere,
    signOutClerk,
  }
})
