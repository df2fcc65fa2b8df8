/** Taking a text along: an address for a map, what one wants to keep. */
import { mayTouchPrivate } from './privacy'

export async function copyText(text: string): Promise<boolean> {
  if (!(await mayTouchPrivate())) return false
  return new Promise((resolve) => {
    uni.setClipboardData({
      data: text,
      showToast: false,
      success: () => resolve(true),
      fail: () => resolve(false),
    })
  })
}
