/** The people of the console, and how they come in: by links, letters, passwords and codes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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
    if (!existsSync(folder)) return undefined
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

/** From the first account of a new system to somebody of the office, who is then signed in. */
export async function openOffice(page: Page, system: System, who: Colleague, roles: string[]): Promise<void> {
  const founder = colleague('钱建国')
  const guard = colleague('孙丽华')
  const link = await setUpLink(system)
  await found(page, founder, link)
  for (const [inviter, next, offered] of [[founder, guard, ['安全管理员']], [guard, who, roles]] as const) {
    await page.goto(new URL('#/staff', link).href)
    await invite(page, next, [...offered])
    await signOut(page, inviter)
    await comeIn(page, next, system)
  }
}

/** A picture to upload: of the page that is open. */
export const picture = async (page: Page, name: string) => ({ name, mimeType: 'image/png', buffer: await page.screenshot() })

/** A PDF of one empty page. */
export function pdf(): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
  ]
  let text = '%PDF-1.7\n'
  const places = objects.map((body, at) => {
    const place = text.length
    text += `${at + 1} 0 obj\n${body}\nendobj\n`
    return `${String(place).padStart(10, '0')} 00000 n \n`
  })
  const start = text.length
  return Buffer.from(`${text}xref\n0 4\n0000000000 65535 f \n${places.join('')}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`)
}

/** Open the newest letter's link once the page says what it should: each letter voids the link before it, and
 *  the worker takes a moment to write one. */
export async function openNewestLink(page: Page, who: Colleague, to: string, system: System, says: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    await page.goto('about:blank')
    await page.goto(await linkTo(who, to, system))
    const seen = page.getByText(says).waitFor({ timeout: 1500 })
    if (await seen.then(() => true, () => false)) return
  }
  throw new Error(`no letter to ${who.email} led to ${says}`)
}

/** The first account of a new system. */
export async function found(page: Page, who: Colleague, link: string): Promise<void> {
  await page.goto(link)
  await fill(page, '姓名', who.name)
  await fill(page, '邮箱', who.email)
  await newPassword(page, who.password)
  await press(page, '建立账号')
  await enrolTotp(page, who)
  await page.getByRole('heading', { name: `${who.name}，您好` }).waitFor()
}

/** Accepts, with a second factor where the role asks for one. */
export async function comeIn(page: Page, who: Colleague, system: System): Promise<void> {
  await accept(page, who, system)
  const greeting = page.getByRole('heading', { name: `${who.name}，您好` })
  await page.locator('[data-way="totp"]').or(greeting).first().waitFor()
  if (await page.locator('[data-way="totp"]').count()) await enrolTotp(page, who)
  await greeting.waitFor()
}

/** The name of a unit that somebody may be invited to. */
export async function someUnit(page: Page): Promise<string> {
  await press(page, '邀请人员')
  await page.getByLabel('邀请到').selectOption('partner')
  const first = page.getByLabel('成员单位', { exact: true }).locator('option').nth(1)
  await first.waitFor({ state: 'attached' })
  const name = await first.innerText()
  await press(page, '取消')
  return name
}

/** Somebody signs in as a clerk over the interface, the first time with an invitation. */
export async function signInClerk({ backend, simulator }: System, user: string, invite?: string) {
  const post = async (url: string, body: unknown) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const { code } = (await (await post(`${simulator}/__sim/login`, { user })).json()) as { code: string }
  const session = `${backend}/api/v1/merchant/session`
  const answer = (await (await post(session, { code, invite: invite ?? null })).json()) as {
    access_token: string
    clerk: { shop: { name: string } }
  }
  const isIn = async () => (await fetch(session, { headers: { authorization: `Bearer ${answer.access_token}` } })).ok
  return { shop: answer.clerk.shop.name, isIn }
}
