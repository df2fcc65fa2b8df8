/** Whether there is a network. "Yes" is a hope, "no" is certain. */
import { IS_WEB } from './environment'

export function onNetworkChange(listener: (isOnline: boolean) => void): void {
  if (IS_WEB) {
    // uni-h5 listens to the kind of connection only and misses that it went away.
    const tell = () => listener(navigator.onLine)
    window.addEventListener('online', tell)
    window.addEventListener('offline', tell)
    tell()
    return
  }
  uni.getNetworkType({ success: ({ networkType }) => listener(networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => listener(isConnected))
}
