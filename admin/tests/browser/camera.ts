/** Pictures at two sizes of window, into `pictures/`: for looking at, not for comparing. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = resolve(import.meta.dirname, '../../pictures')
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
]

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await page.waitForTimeout(400)
    await page.waitForFunction(() => !document.querySelector('.skeleton'))
    await page.waitForTimeout(400)
    const isWhole = (await page.locator('dialog[open]').count()) === 0
    await page.screenshot({ path: join(FOLDER, `${name}.${size.width}.png`), fullPage: isWhole })
  }
}
