/** WeChat asks for consent before the first call that touches something private; the app shows the question. */
import { IS_WEB } from './environment'

/** Every private call the app makes. What WeChat's console declares has to be the same list. */
export const PRIVATE_CALLS = [
  'getLocation',
  'scanCode',
  'setClipboardData',
  'requestFacialVerify',
  'ncidas',
  'getPhoneNumber',
] as const

export type PrivacyAnswer = 'agree' | 'disagree'

export function onPrivacyQuestion(ask: (answer: (given: PrivacyAnswer) => void) => void): void {
  if (IS_WEB) return
  // Older WeChat knows no such question and asks nothing.
  wx.onNeedPrivacyAuthorization?.((resolve) => {
    ask((given) => resolve({ event: given, buttonId: 'agree-privacy' }))
  })
}

/** Put the question now, where it was not answered yet: whoever says no is not asked by the call itself. */
export function mayTouchPrivate(): Promise<boolean> {
  if (IS_WEB || !wx.requirePrivacyAuthorize) return Promise.resolve(true)
  return new Promise((resolve) => {
    wx.requirePrivacyAuthorize!({ success: () => resolve(true), fail: () => resolve(false) })
  })
}

/** WeChat shows the text itself; the web page has only our own. */
export const HAS_PRIVACY_TEXT = !IS_WEB

export function openPrivacyText(): void {
  if (!IS_WEB) wx.openPrivacyContract({})
}
