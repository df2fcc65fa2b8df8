/** The calls of WeChat that uni-app does not type, as far as we use them. */
interface PrivacyNeeded {
  (answer: (result: { event: 'agree' | 'disagree'; buttonId?: string }) => void, info: { referrer: string }): void
}

declare const wx: {
  getRandomValues(options: {
    length: number
    success(result: { randomValues: ArrayBuffer }): void
    fail(error: { errMsg: string }): void
  }): void
  onNeedPrivacyAuthorization?(ask: PrivacyNeeded): void
  requirePrivacyAuthorize?(options: { success(): void; fail(): void }): void
  openPrivacyContract(options: { fail?(): void }): void
  createWebAudioContext(): AudioContext
}
