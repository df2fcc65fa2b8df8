/** Something done once the hand rests: each new wish before that starts the wait anew. */
import { onUnload } from '@dcloudio/uni-app'

export function useLater(act: () => unknown, afterMs = 350) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const drop = () => clearTimeout(timer)

  function later(): void {
    drop()
    timer = setTimeout(act, afterMs)
  }

  onUnload(drop)
  return { later, drop }
}
