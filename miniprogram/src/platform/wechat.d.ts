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
  checkIsSupportFacialRecognition?(options: { success(): void; fail(): void }): void
  requestFacialVerify?(options: { verifyId: string; success(): void; fail(error: { errCode?: number }): void }): void
  ncidas?(options: {
    orgID: string
    businessID: string
    bizSeq: string
    type: string
    success(): void
    fail(error: { errMsg?: string }): void
  }): void
  createWebAudioContext(): AudioContext
  requestSubscribeMessage(options: {
    tmplIds: string[]
    success(answers: Record<string, string>): void
    fail(): void
  }): void
  getAccountInfoSync(): { miniProgram: { version: string } }
  getFileSystemManager(): {
    writeFile(options: { filePath: string; data: string; encoding: 'utf8'; success(): void; fail(): void }): void
    unlink(options: { filePath: string; fail(): void }): void
  }
  shareFileMessage(options: { filePath: string; fileName: string; success(): void; fail(): void }): void
  env: { USER_DATA_PATH: string }
}
