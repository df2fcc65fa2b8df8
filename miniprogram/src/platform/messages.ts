/** Short words over the page that need no answer. */
export function say(text: string): void {
  uni.showToast({ title: text, icon: 'none', duration: 2500 })
}

export function endPullDown(): void {
  uni.stopPullDownRefresh()
}
