/** Where the service is: the web page's own origin, or what the build for WeChat was given. */
import { IS_WEB } from './environment'

export function apiBase(): string {
  return IS_WEB ? '' : (import.meta.env.VITE_API_BASE ?? '')
}
