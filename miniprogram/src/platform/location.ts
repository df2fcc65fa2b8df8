/** Where the phone is, asked only when somebody taps "near me"; and a place on the map. */
import { IS_WEB } from './environment'
import { toGcj02 } from './gcj02'
import { mayTouchPrivate } from './privacy'

/** On the web a map would have to be loaded from a foreign host; there the address has to do. */
export const HAS_MAP = !IS_WEB

export interface Place {
  latitude: number
  longitude: number
}

const PATIENCE_MS = 10_000

/** Null when the person says no or the phone does not know. */
export async function whereAmI(): Promise<Place | null> {
  if (!(await mayTouchPrivate())) return null
  return new Promise((resolve) => {
    uni.getLocation({
      type: IS_WEB ? 'wgs84' : 'gcj02',
      highAccuracyExpireTime: PATIENCE_MS,
      success: ({ latitude, longitude }) =>
        resolve(IS_WEB ? toGcj02({ latitude, longitude }) : { latitude, longitude }),
      fail: () => resolve(null),
    })
  })
}

export function showOnMap(place: Place & { name: string; address: string }): void {
  uni.openLocation({ ...place, fail: () => undefined })
}
