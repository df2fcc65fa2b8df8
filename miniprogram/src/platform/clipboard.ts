/** Taking a text along: an address for a map, what one wants to keep. */
export function copyText(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    uni.setClipboardData({
      data: text,
      showToast: false,
      success: () => resolve(true),
      fail: () => resolve(false),
    })
  })
}
