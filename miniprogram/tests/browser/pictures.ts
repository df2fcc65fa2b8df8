/** Pictures of every page in both themes, into `pictures/`: for looking at, not for comparing. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinClerk, prepareResident, sealCommitment } from './cast'
import { fill, readCode, takePhone, tapButton, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const FOLDER = resolve(import.meta.dirname, '../../pictures')
const LONG_NAME = '黄石市西塞山工业园区退役军人、优秀志愿者和诚信之星家庭体检套餐先享后付暨绿色通道服务'
const LONG_UNIT = '黄石市西塞山区八泉街道陈家湾社区新时代文明实践志愿服务联合会'
const THEMES = ['standard', 'elder'] as const
let system: System

const settle = (phone: Phone) => phone.page.waitForTimeout(500)

/** The whole page, however long, as one picture. */
async function picture(phone: Phone, theme: string, name: string, isWhole = true): Promise<void> {
  await top(phone.page).locator('.skeleton').first().waitFor({ state: 'detached' }).catch(() => undefined)
  await settle(phone)
  await phone.page.screenshot({ path: join(FOLDER, `${name}.${theme}.png`), fullPage: isWhole })
}

/** The till's day: few, none, three hundred, and one about to be undone. */
async function day(phone: Phone, shot: Shot) {
  await go(phone, 'pkg-merchant/day/index')
  await shot('day')
  await top(phone.page).locator('.done-undo').first().click()
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
  // Three hundred long rows are too tall for one picture.
  await shot('day-many', false)
  await phone.context.unroute('**/merchant/redemptions?*')
  await top(phone.page).locator('[aria-label="前一天"]').click()
  await shot('day-none')
}

type Shot = (name: string, isWhole?: boolean) => Promise<void>

/** Where to, the code itself, and the long name of a shop. */
async function typedCode(phone: Phone, voucher: string, shot: Shot) {
  const page = `pkg-vouchers/typed-code/index?voucher=${voucher}`
  await go(phone, page)
  await shot('typed-code-shops')
  await top(phone.page).locator('.shop-choice').first().click()
  await top(phone.page).locator('.say-code').waitFor()
  await shot('typed-code')
  const drawn = { code: 'WWMQHNWW', shop: { id: 's', name: LONG_UNIT }, match_number: '42' }
  const expires_at = new Date(Date.now() + 600_000).toISOString()
  await answerWith(phone, 'typed-codes', { ...drawn, expires_at, server_time: new Date().toISOString() })
  await tapButton(phone.page, '换一个数字码')
  await top(phone.page).getByText(LONG_UNIT).waitFor()
  await shot('typed-code-long')
  await phone.context.unroute('**/api/v1/resident/typed-codes**')
}

/** Typing: begun, mistaken, whole, and wrong. */
async function typedAtTheTill(phone: Phone, shot: Shot) {
  const field = top(phone.page).locator('.typed-input input')
  await tapButton(phone.page, '输入数字码')
  await shot('desk-typing')
  await field.fill('7kmp0')
  await shot('desk-typing-mistaken')
  await field.fill('wwmqhnww')
  await shot('desk-typing-whole')
  await tapButton(phone.page, /^核验$/)
  await top(phone.page).getByText('还可以再试').first().waitFor()
  await shot('desk-typing-refused')
  await go(phone, 'pkg-merchant/desk/index')
}

const go = (phone: Phone, path: string) => phone.page.goto(`${system.backend}/m/${path}`)

async function answerWith(phone: Phone, path: string, json: unknown): Promise<void> {
  const address = `**/api/v1/resident/${path}**`
  await phone.context.unroute(address)
  await phone.context.route(address, (route) => route.fulfill({ json }))
}

/** A year and a half of scores, up and down, with a new model in between. */
function months() {
  const items = Array.from({ length: 18 }, (_, place) => {
    const at = new Date(Date.UTC(2026, 10 - place, 1))
    const milli = 84_000 - place * 900 + (place % 3) * 1_300
    return {
      month: at.toISOString().slice(0, 7),
      score: (milli / 1000).toFixed(1),
      score_milli: milli,
      level: milli >= 80_000 ? 'excellent' : 'good',
      model_version: place < 4 ? '2026-08' : '2026-01',
    }
  })
  return { items, next_cursor: null }
}

interface Scored {
  dimensions: { code: string; lines: Record<string, unknown>[] }[]
}

/** The score of somebody who was busy, with a long name or two. */
function withManyLines(score: Scored): Scored {
  const kinds = ['志愿服务时长', '慈善捐赠', '参加社区组织的文明交通劝导、清洁家园和关爱空巢老人等志愿服务活动']
  const line = score.dimensions.flatMap(({ lines }) => lines)[0]
  for (const dimension of score.dimensions.filter(({ code }) => code === 'service')) {
    dimension.lines = Array.from({ length: 300 }, (_, place) => ({
      ...line,
      record_id: `many-${place}`,
      indicator: { code: `kind-${place % kinds.length}`, name: kinds[place % kinds.length] },
      occurred_on: new Date(Date.UTC(2026, 0, 1 + place)).toISOString().slice(0, 10),
      quantity: 1 + (place % 4),
      unit: '小时',
      points: '0.1',
      points_milli: 100,
      source_unit: '黄石经济技术开发区·铁山区志愿服务工作联席会议办公室',
    }))
  }
  return score
}

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
  let claimed: Awaited<ReturnType<typeof prepareResident>>
  const shot = (name: string, isWhole?: boolean) => picture(phone, theme, name, isWhole)

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
    await go(phone, 'pkg-scoring/model/index')
    await shot('model')
    await top(phone.page).locator('.rule-group-head').nth(1).click()
    await top(phone.page).locator('.rule').first().click()
    await shot('model-opened')
    await top(phone.page).locator('.search-input input').fill('献血')
    await shot('model-searched')
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
    await tapButton(phone.page, '下一步')
    await shot('bind-form-wrong')
    await tapButton(phone.page, '填入')
    await shot('bind-form')
    await tapButton(phone.page, '下一步')
    await shot('bind-ways')
    await tapButton(phone.page, '微信人脸核验')
    await shot('bind-face')
    await tapButton(phone.page, '退出')
    await shot('bind-left')
    await tapButton(phone.page, '到窗口')
    await top(phone.page).locator('.window-code').waitFor()
    await shot('bind-window')
    await tapButton(phone.page, '换一种方式')
    await tapButton(phone.page, '演示：直接确认')
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
    claimed = await prepareResident(phone, system, user)
    await go(phone, '')
    await shot('home')
    await go(phone, 'pkg-scoring/score/index')
    await shot('score')
    await top(phone.page).locator('.dimension-head').filter({ hasText: '守法履约' }).click()
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
    await typedCode(phone, claimed.voucher, shot)
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
    await go(phone, `pkg-incentives/commitment/index?id=${await sealCommitment(phone)}`)
    await shot('commitment')
    await go(phone, 'pkg-notices/list/index')
    await shot('notices')
    await go(phone, `pkg-reports/new/index?incentive=${claimed.incentive}`)
    await shot('report')
    await go(phone, 'pkg-reports/list/index')
    await shot('reports')
    await go(phone, 'pkg-privacy/overview/index')
    await shot('my-data')
    await tapButton(phone.page, '留下微信绑定的手机号')
    await shot('phone-question')
    await top(phone.page).locator('.sheet uni-button').first().click()
    await top(phone.page).getByText(/\*{4}/).first().waitFor()
    await shot('my-data-phone')
    await tapText(phone.page, '在所有设备退出')
    await shot('sign-out-everywhere')
    await go(phone, 'pkg-privacy/looks/index')
    await shot('looks')
    await go(phone, 'pkg-privacy/export/index')
    await shot('export')
  })

  it('clerk', async () => {
    await joinClerk(phone, system)
    await go(phone, 'pkg-merchant/desk/index')
    await shot('desk')
    await typedAtTheTill(phone, shot)
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

  it('what stands behind the score', async () => {
    const claimed = await prepareResident(phone, system, theme === 'elder' ? 'wang-jianguo' : 'li-guihua', { claims: false })
    await go(phone, `pkg-scoring/record/index?id=${claimed.record}`)
    await shot('record')
    await tapButton(phone.page, '这条不对')
    await shot('record-wrong')
    await go(phone, 'pkg-scoring/history/index')
    await shot('history-first-month')
    await answerWith(phone, 'score/history', months())
    await go(phone, 'pkg-scoring/history/index')
    await shot('history')
    await answerWith(phone, 'score/history', { items: [], next_cursor: null })
    await go(phone, 'pkg-scoring/history/index')
    await shot('history-empty')
    await go(phone, 'pkg-scoring/distance/index')
    await shot('distance')
    await go(phone, `pkg-scoring/distance/index?incentive=${claimed.closed}`)
    await shot('distance-incentive')
    await go(phone, `pkg-scoring/distance/index?incentive=${claimed.incentive}`)
    await shot('distance-reached')
    await go(phone, 'pkg-scoring/what-if/index')
    await shot('what-if')
    await top(phone.page).locator('[aria-label*="，多 "]').first().click()
    await top(phone.page).locator('.would-difference.more').waitFor()
    await shot('what-if-more')
  })

  it('someone below 60', async () => {
    const { record } = await prepareResident(phone, system, 'zhou-yongping', { claims: false })
    await go(phone, '')
    await shot('home-below-60')
    await tapButton(phone.page, '看看附近有什么')
    await shot('home-without-place')
    await go(phone, 'pkg-scoring/score/index')
    await shot('score-below-60')
    await go(phone, 'pkg-scoring/distance/index')
    await shot('distance-below-60')
    await go(phone, 'pkg-scoring/what-if/index')
    await shot('what-if-below-60')
    await go(phone, `pkg-scoring/record/index?id=${record}`)
    await shot('record-below-60')
  })

  it('300 records', async () => {
    await prepareResident(phone, system, 'zhou-yongping', { claims: false })
    await phone.context.route('**/api/v1/resident/score', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: withManyLines(await answer.json()) })
    })
    await go(phone, 'pkg-scoring/score/index')
    await top(phone.page).locator('.dimension-head').filter({ hasText: '公益与荣誉' }).click()
    await shot('score-300-lines')
    await phone.context.unroute('**/api/v1/resident/score')
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
