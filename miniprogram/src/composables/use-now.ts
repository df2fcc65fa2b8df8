/** The time, ticking while the page is shown. */
import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { ref } from 'vue'

export function useNow(everyMs = 1000) {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const start = () => {
    stop()
    now.value = Date.now()
    timer = setInterval(() => (now.value = Date.now()), everyMs)
  }
  onShow(start)
  onHide(stop)
  onUnload(stop)
  return now
}
