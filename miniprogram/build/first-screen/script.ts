/**
 * Runs within the page before anything is painted, while the app's own script is still on its way. Shows
 * the home page as it was drawn at build time, keeps the first tap, and steps aside for the real page.
 */
declare const ENTRY: string

const HOME = /^\/m\/(pages\/home\/index)?$/
const TAPPED = 'uni-button,[role=link],[role=button],.uni-tabbar__item'
/** A finger that lifts just as the pages change places still has to find what it pressed. */
const CLICK_FOLLOWS_WITHIN_MS = 80
/** The app's start holds the processor; until then, what was just seen can be tapped and answers. */
const APP_STARTS_AFTER_MS = 150

const drawn = document.querySelector<HTMLTemplateElement>('#drawn')!
const app = document.querySelector<HTMLElement>('#app')!
if (HOME.test(location.pathname) && !location.search) show()
else void import(ENTRY)

function show(): void {
  const screen = document.createElement('div')
  screen.id = 'first-screen'
  screen.append(drawn.content)
  screen.querySelector(stored('session.resident') ? '.drawn-guest' : '.drawn-resident')!.remove()
  if (stored('settings.theme')?.includes('elder')) {
    for (const element of [document.documentElement, screen.querySelector('.app')!]) element.classList.add('elder')
  }
  // After the app, since uni-h5 takes the first page in the document for its own.
  app.after(screen)

  let wanted: number | null = null
  let isPressed = false
  let hasFailed = false
  const parts = (within: Element) => [...within.querySelectorAll<HTMLElement>(TAPPED)]

  function keep(event: Event): void {
    const part = (event.target as Element).closest<HTMLElement>(TAPPED)
    if (!part) return
    if (hasFailed) return location.reload()
    for (const each of parts(screen)) each.setAttribute('aria-busy', String(each === part))
    wanted = parts(screen).indexOf(part)
  }

  /** The script did not come: nothing is on its way any more, and the next tap tries anew. */
  function giveUp(): void {
    hasFailed = true
    for (const each of parts(screen)) each.removeAttribute('aria-busy')
  }

  function stepAside(): void {
    if (isPressed) return void setTimeout(stepAside, CLICK_FOLLOWS_WITHIN_MS)
    const focused = parts(screen).indexOf(document.activeElement as HTMLElement)
    screen.remove()
    parts(app)[focused]?.focus()
    if (wanted !== null) parts(app)[wanted]?.click()
  }

  screen.addEventListener('click', keep)
  screen.addEventListener('keydown', (event) => void (event.key === 'Enter' && keep(event)))
  screen.addEventListener('pointerdown', () => (isPressed = true))
  for (const over of ['pointerup', 'pointercancel']) {
    addEventListener(over, () => void setTimeout(() => (isPressed = false), CLICK_FOLLOWS_WITHIN_MS))
  }
  addEventListener('home-shown', stepAside, { once: true })
  requestAnimationFrame(() => setTimeout(start, APP_STARTS_AFTER_MS))

  function start(): void {
    import(ENTRY).catch(giveUp)
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export {}
