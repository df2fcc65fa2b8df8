/** The code that signs somebody in: from `wx.login`, or in a trial from the simulator, for whom one plays. */
import { askSimulator } from './simulator'

export async function codeFromSimulator(user: string): Promise<string> {
  const answer = await askSimulator<{ code: string }>('login', { user })
  if (!answer) throw new Error('the simulator gave no code')
  return answer.code
}

export function codeFromWeChat(): Promise<string> {
  return new Promise((resolve, reject) => {
    uni.login({
      provider: 'weixin',
      success: ({ code }) => resolve(code),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
}
