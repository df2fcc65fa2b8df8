/** On the web the home page is seen before the app runs; once the real one stands, it takes over. */
import { IS_WEB } from './environment'

export function tellHomeIsShown(): void {
  if (IS_WEB) dispatchEvent(new Event('home-shown'))
}
