/** When something is first seen on a slow phone, told by the page itself: asking it from outside would slow it down. */
import type { CDPSession } from 'playwright-core'
import type { Phone } from './phone'

export interface Sight {
  name: string
  selector: string
  texts: string[]
  /** Tapped with a finger as soon as it is seen. */
  tapped?: boolean
}

interface Seen {
  name: string
  at: number
  x: number
  y: number
}

/** Watches each page from now on for these sights, one after the other; gives when each was seen, in ms. */
export async function watchFor({ context, page }: Phone, devtools: CDPSession, sights: Sight[]) {
  let tell = (_times: Record<string, number>) => {}
  let times: Record<string, number> = {}
  await devtools.send('Runtime.enable')
  await devtools.send('Runtime.addBinding', { name: 'tellSeen' })
  await context.addInitScript(look, sights)
  devtools.on('Runtime.bindingCalled', ({ payload }) => {
    const { name, at, x, y } = JSON.parse(payload) as Seen
    times[name] = at
    if (sights.find((sight) => sight.name === name)!.tapped) void tap(devtools, x, y)
    if (name === sights[sights.length - 1]!.name) tell(times)
  })
  return async (address: string) => {
    times = {}
    const all = new Promise<Record<string, number>>((resolve) => (tell = resolve))
    await page.goto(address, { waitUntil: 'commit' })
    return all
  }
}

async function tap(devtools: CDPSession, x: number, y: number): Promise<void> {
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] })
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

/** Runs in the page. A frame after something was found, it has been painted. */
function look(sights: Sight[]): void {
  const [first, ...others] = sights
  if (!first) return
  requestAnimationFrame(() => {
    const found = [...document.querySelectorAll(first.selector)].find(
      (element) =>
        first.texts.some((text) => element.textContent!.includes(text)) && element.checkVisibility({ visibilityProperty: true }),
    )
    if (!found) return look([first, ...others])
    setTimeout(() => {
      const { x, y, width, height } = found.getBoundingClientRect()
      const seen = { name: first.name, at: performance.now(), x: x + width / 2, y: y + height / 2 }
      ;(window as unknown as { tellSeen(text: string): void }).tellSeen(JSON.stringify(seen))
      look(others)
    })
  })
}
