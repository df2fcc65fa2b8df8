/** Reading a code with the camera. The web page has none, there the code is typed or pasted. */
import { IS_WEB } from './environment'
import { mayTouchPrivate } from './privacy'

export const CAN_SCAN = !IS_WEB

/** What came of it: the text that was read, or that the clerk went back, or that there is no camera for us. */
export type Scan = { text: string } | 'left' | 'refused'

export async function scan(): Promise<Scan> {
  if (!(await mayTouchPrivate())) return 'refused'
  return new Promise((resolve) => {
    uni.scanCode({
      onlyFromCamera: true,
      scanType: ['qrCode'],
      success: ({ result }) => resolve({ text: result }),
      fail: ({ errMsg }) => resolve(/cancel/.test(errMsg ?? '') ? 'left' : 'refused'),
    })
  })
}
