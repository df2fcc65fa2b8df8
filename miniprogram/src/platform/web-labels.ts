/**
 * uni-h5 wraps pictures and fields in elements of its own and leaves the inner ones without a name, so a
 * screen reader would be silent. WeChat needs none of this.
 */
import { IS_WEB } from './environment'

export function nameInnerElements(): void {
  if (!IS_WEB || typeof MutationObserver === 'undefined') return
  let isPlanned = false
  new MutationObserver(() => {
    if (isPlanned) return
    isPlanned = true
    requestAnimationFrame(() => {
      isPlanned = false
      nameAll()
    })
  }).observe(document.body, { childList: true, subtree: true })
}

function nameAll(): void {
  for (const picture of document.querySelectorAll('img:not([alt])')) {
    // The tabs' pictures only repeat the words beneath them.
    picture.setAttribute('alt', picture.closest('uni-image')?.getAttribute('alt') ?? '')
  }
  for (const field of document.querySelectorAll('uni-input input:not([aria-label]), uni-textarea textarea:not([aria-label])')) {
    const name = field.closest('uni-input, uni-textarea')?.getAttribute('aria-label')
    if (name) field.setAttribute('aria-label', name)
  }
}
