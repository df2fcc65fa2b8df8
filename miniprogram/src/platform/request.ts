/** Sending a request, and telling "no network" from "too slow". */
import type { Received, Sending } from '@/api/client'
import { NetworkFailure } from '@/api/problems'

export function send({ method, url, headers, body, timeoutMs }: Sending): Promise<Received> {
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      method: method as 'GET',
      header: headers,
      data: body as object,
      timeout: timeoutMs,
      success: (answer) =>
        resolve({ status: answer.statusCode, headers: lowerCased(answer.header), body: answer.data }),
      fail: ({ errMsg }) => reject(new NetworkFailure(/timeout/i.test(errMsg ?? '') ? 'timeout' : 'offline')),
    })
  })
}

function lowerCased(headers: unknown): Record<string, string> {
  const given = Object.entries((headers ?? {}) as Record<string, unknown>)
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]))
}
