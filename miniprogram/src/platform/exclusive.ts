/** One at a time, also over the tabs of a browser. In WeChat there is one page process only. */
import { IS_WEB } from './environment'

export function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (IS_WEB && typeof navigator !== 'undefined' && navigator.locks) {
    return navigator.locks.request(name, work) as Promise<T>
  }
  return work()
}
