/** What is seen before any script has come: the same as what the app then draws, and a tap on it counts. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { zh as common } from '../../src/locales/zh'
import { zh as home } from '../../src/pages/home/locales/zh'
import { zh as identity } from '../../src/pkg-identity/locales/zh'
import { takePhone, tapButton, tapTab, top, type Phone } from './phone'
import { differingPixels } from './pictures-compared'
import { findSystem, type System } from './system'

const SCRIPTS = '**/assets/*.js'
const API = '**/api/**'
const FEW_PIXELS = 0.001
const SMALL_SHIFT = 0.02
const TAPPED = 'uni-button,[role=link],[role=button],.uni-tabbar__item'
let system: System
let phone: Phone
let page: Page

beforeAll(async () => {
  system = await findSystem()
})
afterAll(() => system?.stop())
beforeEach(async () => {
  phone = await takePhone([system.backend])
  page = phone.page
})
afterEach(() => phone.close())

const visit = (path = '') => page.goto(`${system.backend}/m/${path}`, { waitUntil: 'commit' })
const seen = () => page.locator('#first-screen')
const picture = () => page.screenshot({ animations: 'disabled' })
const labels = () => page.locator(`${TAPPED} >> visible=true`).allTextContents()

/** Scripts wait until they are let go. */
async function holdScripts(): Promise<() => void> {
  let letGo = () => {}
  const gone = new Promise<void>((done) => (letGo = done))
  await page.route(SCRIPTS, async (route) => {
    await gone
    await route.continue()
  })
  return letGo
}

function remember(stored: Record<string, unknown>) {
  return page.addInitScript((entries) => {
    for (const [key, value] of entries) localStorage.setItem(key!, value!)
  }, Object.entries(stored).map(([key, value]) => [key, JSON.stringify(value)]))
}

const SESSION = { 'session.resident': { access_token: 'a', refresh_token: 'b' } }
const ELDER = { 'settings.theme': 'elder' }

describe.each([
  ['a guest', {}],
  ['a guest in the elder theme', ELDER],
  ['a resident', SESSION],
  ['a resident in the elder theme', { ...SESSION, ...ELDER }],
])('%s', (_who, stored) => {
  it('sees at once what the app then draws, and nothing moves', async () => {
    await remember(stored)
    await page.route(API, () => undefined)
    const letGo = await holdScripts()
    await visit()
    await seen().waitFor()
    await page.waitForFunction(() => [...document.images].every(({ complete }) => complete))
    const before = { picture: await picture(), labels: await labels() }
    letGo()
    await seen().waitFor({ state: 'detached' })
    expect(await labels()).toEqual(before.labels)
    expect(await differingPixels(page, before.picture, await picture())).toBeLessThan(FEW_PIXELS)
    expect(await shifted(page)).toBeLessThan(SMALL_SHIFT)
    expect(phone.complaints).toEqual([])
  })
})

describe('before the script has come', () => {
  it('a tap on signing in is answered at once and leads there, and back leads home', async () => {
    const letGo = await holdScripts()
    await visit()
    await tapButton(page, home.guest.signIn)
    await page.locator('#first-screen uni-button[aria-busy=true]').waitFor()
    letGo()
    await page.getByText(identity.signIn.heading).waitFor()
    await page.goBack()
    await top(page).getByText(home.guest.signIn).waitFor()
    expect(await seen().count()).toBe(0)
  })

  it('the last of several taps counts', async () => {
    const letGo = await holdScripts()
    await visit()
    await tapButton(page, home.guest.signIn)
    await tapTab(page, common.tabs.me)
    letGo()
    await page.waitForURL('**/pages/me/index')
  })

  it('nothing of home is shown at another address', async () => {
    await page.route(SCRIPTS, (route) => route.abort())
    for (const path of ['pages/me/index', 'pages/home/index?to=pages/me/index']) {
      await visit(path)
      await page.waitForLoadState('domcontentloaded')
      expect(await seen().count()).toBe(0)
    }
  })
})

it('says when the script did not come after all, and tries once more at the next tap', async () => {
  let isReachable = false
  await page.route(SCRIPTS, (route) => (isReachable ? route.continue() : route.abort()))
  await visit()
  await tapButton(page, home.guest.signIn)
  await page.locator('#first-screen:not(:has([aria-busy=true]))').waitFor()
  isReachable = true
  await tapButton(page, home.guest.signIn)
  await seen().waitFor({ state: 'detached' })
  // The app is there: home, or where the tap led if the page was back before the finger was lifted.
  await top(page).waitFor()
})

function shifted(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((tell) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => tell(sum), 100)
      }),
  )
}
