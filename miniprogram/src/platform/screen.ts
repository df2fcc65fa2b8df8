/** The screen while a code is shown: bright and awake, and as before when it is put away. */
import { IS_WEB } from './environment'

const FULL = 1
let before: number | null = null
let wakeLock: { release(): Promise<void> } | null = null

export function brighten(): void {
  if (IS_WEB) return
  uni.getScreenBrightness({
    success: ({ value }) => {
      before ??= value
      uni.setScreenBrightness({ value: FULL })
    },
  })
}

export function restoreBrightness(): void {
  if (IS_WEB || before === null) return
  uni.setScreenBrightness({ value: before })
  before = null
}

export async function keepAwake(): Promise<void> {
  if (!IS_WEB) {
    uni.setKeepScreenOn({ keepScreenOn: true })
    return
  }
  try {
    wakeLock = (await navigator.wakeLock?.request('screen')) ?? null
  } catch {
    wakeLock = null // The browser refuses it on a low battery; the code is shown all the same.
  }
}

export function letSleep(): void {
  if (!IS_WEB) uni.setKeepScreenOn({ keepScreenOn: false })
  void wakeLock?.release()
  wakeLock = null
}
