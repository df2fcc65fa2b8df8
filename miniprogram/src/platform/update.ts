/** A new version of the mini-program is taken at once, when the person agrees. */
import { IS_WEB } from './environment'

export function takeUpdates(question: { title: string; content: string }): void {
  if (IS_WEB) return
  const manager = uni.getUpdateManager()
  manager.onUpdateReady(() => {
    uni.showModal({ ...question, success: ({ confirm }) => confirm && manager.applyUpdate() })
  })
}
