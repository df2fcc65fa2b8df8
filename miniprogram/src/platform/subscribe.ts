/** WeChat's question whether it may tell of one thing once. It has to follow a tap, and there is none on the web. */
import { IS_WEB } from './environment'

export const CAN_SUBSCRIBE = !IS_WEB

/** What was answered for each template, or null when WeChat did not ask. */
export function askForMessages(templates: readonly string[]): Promise<Record<string, string> | null> {
  if (!CAN_SUBSCRIBE) return Promise.resolve(null)
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: [...templates],
      success: (answers) =>
        resolve(Object.fromEntries(templates.flatMap((id) => (answers[id] ? [[id, answers[id]]] : [])))),
      fail: () => resolve(null),
    })
  })
}
