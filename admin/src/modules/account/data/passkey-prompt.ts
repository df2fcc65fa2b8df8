/** The browser's own windows about passkeys. What does not come about there is said in plain words. */
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { NotDone } from '@/api'
import { zh } from '../locales/zh'

type Options = Record<string, unknown>
type Question = Parameters<typeof startAuthentication>[0]['optionsJSON']
type Offer = Parameters<typeof startRegistration>[0]['optionsJSON']

export const askPasskey = (options: Options): Promise<Options> =>
  saidPlainly(startAuthentication({ optionsJSON: options as unknown as Question }))

export const makePasskey = (options: Options): Promise<Options> =>
  saidPlainly(startRegistration({ optionsJSON: options as unknown as Offer }))

async function saidPlainly(prompt: Promise<object>): Promise<Options> {
  try {
    return { ...(await prompt) }
  } catch (error) {
    const { name } = error as Error
    throw new NotDone(name === 'InvalidStateError' ? zh.passkey.known : zh.passkey.notDone)
  }
}
