/** Random bytes from the platform's secure source. There is no other: without it nothing is drawn. */
import { IS_WEB } from './environment'

export async function randomBytes(length: number): Promise<Uint8Array> {
  if (IS_WEB) return crypto.getRandomValues(new Uint8Array(length))
  return new Promise((resolve, reject) => {
    wx.getRandomValues({
      length,
      success: ({ randomValues }) => resolve(new Uint8Array(randomValues)),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
}

/** Random bytes in hexadecimal, for keys and ids. */
export async function randomText(bytes: number): Promise<string> {
  return Array.from(await randomBytes(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
