/** Opens the phone's own dialling, where the person still decides. */
export function dial(number: string): void {
  uni.makePhoneCall({ phoneNumber: number, fail: () => undefined })
}
