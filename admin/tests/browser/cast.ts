/** The people of the console, and how they come in: by links, letters, passwords and codes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import type { System } from '../../../miniprogram/tests/browser/system'
import { fill, press } from './desk'

export interface Colleague {
  name: string
  email: string
  password: string
  /** Recovery codes not used yet; each signs in once without waiting for the next code of the authenticator. */
  codes: string[]
}

let hired = 0
export const colleague = (name: string, email = `colleague${++hired}@credit.example`): Colleague => ({
  name,
  email,
  password: `plum-river-${hired}7-lantern`,
  codes: [],
})

const WAIT_MS = 30_000
async function eventually<T>(look: () => T | undefined, what: string): Promise<T> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`)
    await new Promise((next) => setTimeout(next, 250))
  }
}

/** The one-time link that the system prints at its first start. */
export const setUpLink = (system: System): Promise<string> =>
  eventually(() => /http\S+#\/set-up\S+/.exec(system.said())?.[0], 'the set-up link')

/** The newest link sent to somebody. */
export const linkTo = ({ email }: Colleague, page: string, system: System): Promise<string> =>
  eventually(() => {
    const folder = join(system.folder, 'mail')
    const letters = readdirSync(folder, { withFileTypes: true }).map(({ name }) => readFileSync(join(folder, name), 'utf8'))
    const links = letters
      .filter((letter) => letter.includes(`To: ${email}`))
      .flatMap((letter) => bodyOf(letter).match(new RegExp(`http\\S+#/${page}\\S+`)) ?? [])
    return links.at(-1)
  }, `a letter to ${email}`)

function bodyOf(letter: string): string {
  const [head = '', ...rest] = letter.split(/\r?\n\r?\n/)
  const body = rest.join('\n\n')
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  return body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
}

/** The second factor of somebody who has none yet: an authenticator app. */
export async function enrolTotp(page: Page, who: Colleague): Promise<void> {
  await page.locator('[data-way="totp"]').click()
  await page.locator('.totp-offer summary').click()
  const secret = (await page.locator('.totp-secret').innerText()).replace(/\s/g, '')
  await fill(page, '输入应用显示的 6 位数字', new TOTP({ secret }).generate())
  await press(page, '完成设置')
  await keepCodes(page, who)
}

export async function keepCodes(page: Page, who: Colleague): Promise<void> {
  await page.locator('.codes-list li').first().waitFor()
  who.codes = await page.locator('.codes-list li').allInnerTexts()
  await page.getByText('我已经保存好了').click()
  await press(page, '继续')
}

export async function newPassword(page: Page, password: string): Promise<void> {
  await fill(page, '新密码', password)
  await fill(page, '再输入一次', password)
}

export async function typePassword(page: Page, who: Colleague, password = who.password): Promise<void> {
  await fill(page, '邮箱', who.email)
  await fill(page, '密码', password)
  await press(page, '登录')
}

export async function signIn(page: Page, who: Colleague, password = who.password): Promise<void> {
  await typePassword(page, who, password)
  await press(page, '恢复码')
  await fill(page, '恢复码', who.codes.pop() ?? '')
  await press(page, '确认')
}

export async function signOut(page: Page, who: Colleague): Promise<void> {
  await page.getByRole('button', { name: who.name }).click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.getByRole('heading', { name: '登录', exact: true }).waitFor()
}

export async function invite(page: Page, who: Colleague, roles: string[], unit?: string): Promise<void> {
  await press(page, '邀请人员')
  if (unit) {
    await page.getByLabel('邀请到').selectOption('partner')
    await page.getByLabel('成员单位', { exact: true }).selectOption({ label: unit })
  }
  await fill(page, '邮箱', who.email)
  await fill(page, '姓名', who.name)
  for (const role of roles) await page.locator('dialog[open]').getByText(role, { exact: true }).click()
  await press(page, '发出邀请')
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
}

export async function accept(page: Page, who: Colleague, system: System): Promise<void> {
  await page.goto(await linkTo(who, 'invitation', system))
  await newPassword(page, who.password)
  await press(page, '接受邀请')
}
