/** Reading a code with the camera. The web page has none, there the code is typed or pasted. */
import { IS_WEB } from './environment'

export const CAN_SCAN = !IS_WEB

/** What the camera read, or null when the clerk went back. */
export function scan(): Promise<string | null> {
  return new Promise((resolve) => {
    uni.scanCode({
      onlyFromCamera: true,
      scanType: ['qrCode'],
      success: ({ result }) => resolve(result),
      fail: () => resolve(null),
    })
  })
}
