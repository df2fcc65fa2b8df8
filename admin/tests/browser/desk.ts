/** A desk with a browser: 1440 by 900. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { expect } from 'vitest'
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Desk {
  page: Page
  context: BrowserContext
  /** Every address asked for beyond the system's own. */
  strangers: string[]
  /** What the page threw or logged as an error. */
  complaints: string[]
  close(): Promise<void>
}

/** `console_` is where the console is; passkeys hold for its name only. */
export async function takeDesk(console_: string, viewport = { width: 1440, height: 900 }): Promise<Desk> {
  const profile = mkdtempSync(join(tmpdir(), 'desk-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? CHROMIUM.find(existsSync),
    args: FLAGS,
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // Colours half-way between two states would be judged as they never stay.
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(15_000)
  const page = context.pages()[0] ?? (await context.newPage())
  const strangers: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (/^https?:/.test(url) && new URL(url).origin !== new URL(console_).origin) strangers.push(url)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    const isOurs = message.type() === 'error' && !/status of 4\d\d|net::ERR_/.test(message.text())
    if (isOurs) complaints.push(message.text())
  })
  const close = async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
  return { page, context, strangers, complaints, close }
}

/** A passkey device that is always at hand and always recognises its owner. */
export async function pluginPasskeys(desk: Desk): Promise<void> {
  const devtools = await desk.context.newCDPSession(desk.page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  })
}

/** What stands in front: an open window, else the page. */
export async function front(page: Page): Promise<Locator> {
  const window_ = page.locator('dialog[open]').last()
  return (await window_.count()) ? window_ : page.locator('body')
}

export async function press(page: Page, name: string): Promise<void> {
  await (await front(page)).getByRole('button', { name, exact: true }).click()
}

export async function fill(page: Page, label: string, text: string): Promise<void> {
  await (await front(page)).getByLabel(label, { exact: true }).fill(text)
}

export const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor()
export const told = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor()

/** Presses a button of the open window, which the page may have too. */
export const confirm = (page: Page, name: string) =>
  page.locator('dialog[open]').getByRole('button', { name, exact: true }).click()

/** A page, or the window in front of it, hinders nobody. With PICTURES, a folder, it is kept to be looked at. */
export async function look(page: Page, name: string): Promise<void> {
  expect(await wrongOn(page)).toEqual([])
  if (!process.env.PICTURES) return
  mkdirSync(process.env.PICTURES, { recursive: true })
  const isWhole = !(await page.locator('dialog[open]').count())
  await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: isWhole })
}

/** What hinders people, by axe: serious and critical only. */
export async function wrongOn(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(on: Document): Promise<{ violations: Violation[] }> } }).axe
    interface Violation {
      id: string
      impact: string
      nodes: { html: string }[]
    }
    // A button on its way from one colour to another has neither.
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
    const { violations } = await axe.run(document)
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
  })
}
