/** Which version runs. WeChat knows the released one; before a release it is empty. */
import { IS_WEB } from './environment'

export function appVersion(): string {
  if (!IS_WEB) return wx.getAccountInfoSync().miniProgram.version
  return uni.getAppBaseInfo().appVersion ?? ''
}
