/** Pictures of every page in both themes, into `pictures/`: for looking at, not for comparing. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinClerk, prepareResident } from './cast'
import { fill, readCode, takePhone, tapButton, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const FOLDER = resolve(import.meta.dirname, '../../pictures')
const LONG_NAME = '黄石市西塞山工业园区退役军人、优秀志愿者和诚信之星家庭体检套餐先享后付暨绿色通道服务'
const LONG_UNIT = '黄石市西塞山区八泉街道陈家湾社区新时代文明实践志愿服务联合会'
const THEMES = ['standard', 'elder'] as const
let system: System

const settle = (phone: Phone) => phone.page.waitForTimeout(500)

/** The whole page, however long, as one picture. */
async function picture(phone: Phone, theme: string, name: string): Promise<void> {
  await top(phone.page).locator('.skeleton').first().waitFor({ state: 'detached' }).catch(() => undefined)
  await settle(phone)
  await phone.page.screenshot({ path: join(FOLDER, `${name}.${theme}.png`), fullPage: true })
}

/** The till's day: few, none, three hundred, and one about to be undone. */
async function day(phone: Phone, shot: (name: string) => Promise<void>) {
  await go(phone, 'pkg-merchant/day/index')
  await shot('day')
  await tapText(phone.page, /^撤销$/)
  await tapText(phone.page, '其他原因')
  await shot('day-undo')
  const title = '先享后付、押金减免与大宗商品分期免息三合一惠民专项（下陆区与黄石港区联合，限工作日十点至十六点）'
  const item = (index: number) => ({
    id: `r${index}`,
    offer: { number: 1, title, benefit: '', terms: [] },
    state: index % 9 ? 'accepted' : 'reversed',
    accepted_at: new Date(Date.now() - index * 60_000).toISOString(),
    reversed_at: index % 9 ? null : new Date().toISOString(),
    order_ref: index % 3 ? null : `2026112900${index}`,
    amount_fen: index % 2 ? 5850 : null,
  })
  await phone.context.route('**/merchant/redemptions?*', (route) =>
    route.fulfill({ json: { items: Array.from({ length: 300 }, (_, index) => item(index)), next_cursor: null } }),
  )
  await go(phone, 'pkg-merchant/day/index')
  await shot('day-many')
  await phone.context.unroute('**/merchant/redemptions?*')
  await top(phone.page).locator('[aria-label="前一天"]').click()
  await shot('day-none')
}

const go = (phone: Phone, path: string) => phone.page.goto(`${system.backend}/m/${path}`)

beforeAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  system = await findSystem()
})
afterAll(async () => {
  await system?.stop()
  console.log(`${readdirSync(FOLDER).length} pictures in ${FOLDER}`)
})

describe.each(THEMES)('theme %s', (theme) => {
  let phone: Phone
  const shot = (name: string) => picture(phone, theme, name)

  beforeAll(async () => {
    phone = await takePhone([system.backend, system.simulator])
    await phone.context.addInitScript((chosen) => {
      localStorage.setItem('settings.theme', JSON.stringify({ type: 'string', data: JSON.stringify(chosen) }))
    }, theme)
  })
  afterAll(() => phone?.close())

  it('guest', async () => {
    await go(phone, '')
    await shot('home-guest')
    await go(phone, 'pages/incentives/index')
    await shot('incentives-guest')
    await go(phone, 'pages/vouchers/index')
    await shot('vouchers-guest')
    await go(phone, 'pages/me/index')
    await shot('me-guest')
    await go(phone, 'pkg-help/help/index')
    await shot('help')
    await go(phone, 'pkg-help/about/index')
    await shot('about')
    await go(phone, 'pkg-help/privacy/index')
    await shot('privacy')
    await go(phone, 'pkg-identity/sign-in/index')
    await shot('sign-in')
    await go(phone, 'pkg-merchant/join/index')
    await shot('merchant-join')
  })

  it('joining', async () => {
    const user = theme === 'elder' ? 'he-xiulan' : 'chen-siyuan'
    await go(phone, 'pkg-identity/sign-in/index')
    await phone.page.locator(`[data-user="${user}"]`).click()
    await top(phone.page).getByText('先确认是您本人').waitFor()
    await shot('bind-why')
    await tapButton(phone.page, '开始')
    await fill(phone.page, '身份证号码', '42')
    await tapButton(phone.page, '确认是我本人')
    await shot('bind-form-wrong')
    await tapButton(phone.page, '填入')
    await shot('bind-form')
    await tapButton(phone.page, '确认是我本人')
    await top(phone.page).getByText('身份已确认').waitFor()
    await shot('bind-done')
    await go(phone, '')
    await shot('home-not-agreed')
    await go(phone, 'pkg-consents/text/index?purpose=scoring')
    await shot('consent-text')
    await go(phone, 'pkg-scoring/score/index')
    await shot('score-none')
  })

  it('resident', async () => {
    const user = theme === 'elder' ? 'wang-jianguo' : 'li-guihua'
    const claimed = await prepareResident(phone, system, user)
    await go(phone, '')
    await shot('home')
    await go(phone, 'pkg-scoring/score/index')
    await shot('score')
    await tapText(phone.page, '守法履约')
    await shot('score-lines')
    await go(phone, 'pages/incentives/index')
    await shot('incentives')
    await top(phone.page).locator('.select').nth(1).click()
    await shot('incentives-levels')
    await top(phone.page).locator('.choice').nth(1).click()
    await top(phone.page).locator('.select').first().click()
    await top(phone.page).locator('.choice').nth(2).click()
    await shot('incentives-near')
    await tapButton(phone.page, '大冶市')
    await shot('incentives-filtered')
    await tapText(phone.page, '全部清除')
    await top(phone.page).locator('.search-input input').fill('没有这个')
    await top(phone.page).locator('.search-input input').press('Enter')
    await shot('incentives-none')
    await go(phone, `pkg-incentives/detail/index?id=${claimed.incentive}`)
    await shot('incentive')
    await go(phone, `pkg-incentives/detail/index?id=${claimed.closed}`)
    await shot('incentive-closed')
    await go(phone, 'pages/vouchers/index')
    await shot('vouchers')
    await go(phone, `pkg-vouchers/code/index?voucher=${claimed.voucher}`)
    await top(phone.page).locator('.code-picture').waitFor()
    await shot('code')
    await go(phone, `pkg-vouchers/code/index?incentive=${claimed.withMatch}`)
    await top(phone.page).locator('.code-picture').waitFor()
    await shot('code-match')
    await go(phone, 'pages/me/index')
    await shot('me')
    await go(phone, 'pkg-consents/list/index')
    await shot('consents')
    await go(phone, 'pkg-consents/text/index?purpose=scoring')
    await tapButton(phone.page, '撤回同意')
    await shot('consent-withdraw')
    await go(phone, `pkg-vouchers/detail/index?voucher=${claimed.voucher}`)
    await shot('voucher')
    await tapButton(phone.page, '退回这张券')
    await shot('voucher-give-back')
    await go(phone, `pkg-incentives/unit/index?id=${claimed.unit}`)
    await shot('unit')
    await go(phone, 'pkg-notices/list/index')
    await shot('notices')
    await go(phone, 'pkg-privacy/overview/index')
    await shot('my-data')
    await tapText(phone.page, '在所有设备退出')
    await shot('sign-out-everywhere')
    await go(phone, 'pkg-privacy/looks/index')
    await shot('looks')
    await go(phone, 'pkg-privacy/export/index')
    await shot('export')

    await joinClerk(phone, system)
    await go(phone, 'pkg-merchant/desk/index')
    await shot('desk')
    await fill(phone.page, '二维码内容', 'HS1:NOT A CODE')
    await tapButton(phone.page, '核验')
    await top(phone.page).getByText('不能享受').waitFor()
    await shot('desk-refused')
    const till = await phone.context.newPage()
    await till.goto(`${system.backend}/m/pkg-vouchers/code/index?voucher=${claimed.voucher}`)
    await till.locator('.code-picture').waitFor()
    await fill(phone.page, '二维码内容', await readCode(till))
    await tapButton(phone.page, '核验')
    await top(phone.page).getByText('可以享受').waitFor()
    await shot('desk-entitled')
    await tapText(phone.page, '填订单号')
    await fill(phone.page, '订单号', '2026-11-29-便民超市沿湖路店-收银台03-000117')
    await fill(phone.page, '消费金额（元）', '50.125')
    await shot('desk-noted')
    await fill(phone.page, '消费金额（元）', '1280.5')
    await phone.context.route('**/merchant/redemptions', (route) => route.abort('connectionreset'))
    await tapButton(phone.page, '确认使用')
    await top(phone.page).getByText('还不知道').waitFor()
    await shot('desk-unanswered')
    await phone.context.unroute('**/merchant/redemptions')
    await tapButton(phone.page, '再问一次')
    await top(phone.page).getByText('使用成功').waitFor()
    await shot('desk-done')
    await till.getByText('使用成功').waitFor()
    await till.screenshot({ path: join(FOLDER, `code-used.${theme}.png`), fullPage: true })
    await till.close()
    await go(phone, `pkg-vouchers/code/index?voucher=${claimed.voucher}`)
    await shot('code-over')
    await day(phone, shot)
    await go(phone, 'pkg-privacy/looks/index')
    await shot('looks-some')
    await go(phone, `pkg-vouchers/detail/index?voucher=${claimed.voucher}`)
    await shot('voucher-used')
  }, 180_000)

  it('long names, and three hundred offers', async () => {
    const url = /\/api\/v1\/resident\/incentives(\?|$)/
    await phone.context.route(url, async (route) => {
      const asked = new URL(route.request().url())
      const from = Number(asked.searchParams.get('cursor') ?? 0)
      asked.searchParams.delete('cursor')
      const answer = await route.fetch({ url: asked.href })
      const page = (await answer.json()) as { items: Record<string, unknown>[] }
      const items = Array.from({ length: 20 }, (_, index) => ({
        ...page.items[index % page.items.length],
        id: `00000000-0000-4000-8000-${String(from + index).padStart(12, '0')}`,
        title: `${LONG_NAME} ${from + index + 1}`,
        unit_name: LONG_UNIT,
      }))
      const next = from + items.length
      await route.fulfill({ response: answer, json: { items, next_cursor: next < 300 ? String(next) : null } })
    })
    await go(phone, 'pages/incentives/index')
    await shot('incentives-long-names')
    while (!(await top(phone.page).getByText('没有更多了').isVisible())) {
      await phone.page.mouse.wheel(0, 20_000)
      await settle(phone)
    }
    expect(await top(phone.page).locator('.incentive').count()).toBe(300)
    await phone.page.screenshot({ path: join(FOLDER, `incentives-300.${theme}.png`) })
    await phone.context.unroute(url)
  })

  it('someone below 60', async () => {
    await prepareResident(phone, system, 'zhou-yongping', { claims: false })
    await go(phone, '')
    await shot('home-below-60')
  })

  it('failures', async () => {
    await phone.context.route('**/api/v1/**', (route) => route.abort('internetdisconnected'))
    await go(phone, 'pages/incentives/index')
    await shot('incentives-no-network')
    await phone.context.unroute('**/api/v1/**')
    await phone.context.route('**/api/v1/resident/score', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'internal', detail: '', request_id: '5d7958db5d494d0f' }),
      }),
    )
    await go(phone, 'pkg-scoring/score/index')
    await shot('score-error')
  })
})
