/** WeChat's button for a phone number. It gives a code; the number itself only the service learns. */
import { askSimulator } from './simulator'

/** The code, or why there is none: the person went back, WeChat gives no more, or it failed. */
export type PhoneCode = { code: string } | 'left' | 'used_up' | 'failed'

interface Detail {
  code?: string
  errno?: number
  errMsg?: string
}

const NO_QUOTA = 1400001

/** What the tap on the button brought, from its event. */
export function phoneCodeOf(event: unknown): PhoneCode {
  const { code, errno, errMsg } = (event as { detail?: Detail }).detail ?? {}
  if (code) return { code }
  if (errno === NO_QUOTA) return 'used_up'
  return /deny|cancel/.test(errMsg ?? '') ? 'left' : 'failed'
}

/** In a trial: the same tap, when the simulator stands in for the button. */
export async function phoneCodeFromSimulator(user: string): Promise<PhoneCode> {
  return phoneCodeOf({ detail: await askSimulator<Detail>('phone', { user }) })
}
