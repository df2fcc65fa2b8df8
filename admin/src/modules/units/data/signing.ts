/** Who signs for a unit, and that it is really that person. */
import { computed } from 'vue'
import { answer, client } from '@/api'
import { useAction } from '@/composables/use-action'
import { askPasskey } from '@/modules/account/data/passkey-prompt'

export const newSignature = (usesPasskey: boolean) => ({
  signer_name: '',
  signer_position: '',
  password: '',
  code: '',
  usesPasskey,
})
export type Signature = ReturnType<typeof newSignature>

/** A code is typed by whoever has a second factor and shows no passkey. */
export const isComplete = (signature: Signature, hasSecondFactor: boolean): boolean => {
  const { signer_name, signer_position, password, code, usesPasskey } = signature
  const isProved = !hasSecondFactor || usesPasskey || code.trim() !== ''
  return isProved && [signer_name, signer_position, password].every((each) => each.trim())
}

type Sent = Awaited<ReturnType<typeof signatureSent>>

/**
 * First the passkey, where one is used, then what is signed with it. They are two steps: a passkey never signs
 * the same twice, so asking again after a lost answer is a new request, which is told what came of the first.
 */
export function useSigning<T>(act: (key: string, sent: Sent) => Promise<T>) {
  const proof = useAction((_key: string, signature: Signature) => signatureSent(signature))
  const deed = useAction(act)
  async function run(signature: Signature): Promise<{ answer: T } | null> {
    deed.failure.value = null
    const shown = await proof.run({ ...signature })
    return shown && deed.run(shown.answer)
  }
  return {
    run,
    isBusy: computed(() => proof.isBusy.value || deed.isBusy.value),
    failure: computed(() => proof.failure.value ?? deed.failure.value),
  }
}

/** The passkey is asked at the last moment: what it is to sign is good for five minutes. */
async function signatureSent({ code, usesPasskey, ...rest }: Signature) {
  if (!usesPasskey) return { ...rest, code: code.trim() || null, credential: null }
  const options = await answer(client.POST('/api/v1/console/passkeys/proof/options', { body: {} }))
  return { ...rest, code: null, credential: await askPasskey(options) }
}
