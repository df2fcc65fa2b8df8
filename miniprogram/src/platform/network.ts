/** Whether there is a network. "Yes" is a hope, "no" is certain. */
export function onNetworkChange(listener: (isOnline: boolean) => void): void {
  uni.getNetworkType({ success: ({ networkType }) => listener(networkType !== 'none') })
  uni.onNetworkStatusChange(({ isConnected }) => listener(isConnected))
}
