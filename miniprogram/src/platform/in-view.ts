/** What comes into view while one scrolls. */
import type { ComponentPublicInstance } from 'vue'

const AHEAD_PX = 300

/**
 * Tells when a part of a component comes near the lower edge of the window, also when it is there already.
 * Returns what ends it.
 */
export function whenNear(component: ComponentPublicInstance, selector: string, come: () => void): () => void {
  const observer = uni.createIntersectionObserver(component)
  observer.relativeToViewport({ bottom: AHEAD_PX }).observe(selector, ({ intersectionRatio }) => {
    if (intersectionRatio > 0) come()
  })
  return () => observer.disconnect()
}
