/** What is outside the pages and still has to follow the theme. */
import { IS_WEB } from './environment'

export function showTheme(isElder: boolean): void {
  if (IS_WEB) document.documentElement.classList.toggle('elder', isElder)
}
