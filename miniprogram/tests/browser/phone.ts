/** A phone with a browser: 375 by 812, and taps on what people see. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsQR from 'jsqr'
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

export interface Phone {
  page: Page
  context: BrowserContext
  /** Every address asked for beyond the system's own. */
  strangers: string[]
  /** What the page threw or logged as an error. */
  complaints: string[]
  close(): Promise<void>
}

export async function takePhone(own: readonly string[]): Promise<Phone> {
  const profile = mkdtempSync(join(tmpdir(), 'phone-'))
  const executablePath = process.env.CHROMIUM ?? CHROMIUM.find(existsSync)
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: FLAGS,
    viewport: { width: 375, height: 812 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  context.setDefaultTimeout(30_000)
  const page = context.pages()[0] ?? (await context.newPage())
  const strangers: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (/^https?:/.test(url) && !own.some((address) => url.startsWith(address))) strangers.push(url)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d|net::ERR_/.test(message.text())) complaints.push(message.text())
  })
  return {
    page,
    context,
    strangers,
    complaints,
    close: async () => {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** The page on top; uni-h5 keeps the pages below it in the document. */
export const top = (page: Page): Locator => page.locator('uni-page:visible').last()

export async function tapButton(page: Page, name: string | RegExp): Promise<void> {
  await top(page).locator('uni-button:visible, [role="button"]:visible').filter({ hasText: name }).first().click()
}

export async function tapText(page: Page, text: string | RegExp): Promise<void> {
  await top(page).getByText(text).first().click()
}

export async function tapTab(page: Page, name: string): Promise<void> {
  await page.locator('.uni-tabbar__item:visible').filter({ hasText: new RegExp(`^${name}$`) }).click()
}

export async function fill(page: Page, label: string, value: string): Promise<void> {
  await top(page).locator(`uni-input[aria-label="${label}"] input`).fill(value)
}

/** What a scanner reads off this phone's screen. */
export async function readCode(page: Page): Promise<string> {
  const shot = await top(page).locator('.code-picture').screenshot({ type: 'png' })
  const { dark, width, height } = await page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const drawing = canvas.getContext('2d')!
    drawing.drawImage(image, 0, 0)
    const pixels = drawing.getImageData(0, 0, image.width, image.height)
    // One letter for each pixel: a list of millions of numbers would take seconds to hand over.
    let dark = ''
    for (let i = 0; i < pixels.data.length; i += 4) dark += pixels.data[i]! < 128 ? '1' : '0'
    return { dark, width: image.width, height: image.height }
  }, shot.toString('base64'))
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < dark.length; i++) if (dark[i] === '1') pixels.fill(0, i * 4, i * 4 + 3)
  const found = jsQR(pixels, width, height)
  if (!found) throw new Error('no QR code could be read from the screen')
  return found.data
}
