/** What goes wrong between a resident and a till, and how both go on: clicked on two phones. */
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinClerk, prepareResident } from './cast'
import { fill, readCode, takePhone, tapButton, tapTab, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const OFFER = '满五十元减五元'
const SHOP = '便民超市'
const RESIDENT = 'sun-lihua'
const LATECOMER = 'wang-jianguo'
const THREE_G = { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 30_000 }
let system: System
let resident: Phone
let clerk: Phone
let code: string
let claimed: Awaited<ReturnType<typeof prepareResident>>

const see = (phone: Phone, text: string | RegExp) => top(phone.page).getByText(text).first().waitFor()
const go = (phone: Phone, path: string) => phone.page.goto(`${system.backend}/m/${path}`)
const problem = (status: number, code: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ code, detail: '', request_id: '5d7958db5d494d0f' }),
  })

async function showCode(): Promise<string> {
  await top(resident.page).locator('.code-picture').waitFor()
  return readCode(resident.page)
}

async function check(code: string) {
  await fill(clerk.page, '二维码内容', code)
  await tapButton(clerk.page, '核验')
}

beforeAll(async () => {
  system = await findSystem()
  const own = [system.backend, system.simulator]
  resident = await takePhone(own)
  clerk = await takePhone(own)
  await go(resident, '')
  await go(clerk, '')
  claimed = await prepareResident(resident, system, RESIDENT)
  await joinClerk(clerk, system)
  await go(clerk, 'pkg-merchant/desk/index')
  await go(resident, `pkg-vouchers/code/index?voucher=${claimed.voucher}`)
})
afterAll(async () => {
  await resident?.close()
  await clerk?.close()
  await system?.stop()
})

describe('at the till', () => {
  it('a code of something else is refused in one plain sentence', async () => {
    await check('HS1:NOT A CODE')
    await see(clerk, '不能享受')
    await see(clerk, '这个码无效或已经过期')
  })

  it('a lost answer is asked for again, and nothing happens twice', async () => {
    code = await showCode()
    await check(code)
    await see(clerk, '可以享受')
    await tapText(clerk.page, '填订单号')
    await fill(clerk.page, '订单号', 'A-17')
    await fill(clerk.page, '消费金额（元）', '58.5')
    // The service honours it, but its answer does not arrive.
    await clerk.context.route('**/merchant/redemptions', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await tapButton(clerk.page, '确认使用')
    await see(clerk, '还不知道成没成功')
    await clerk.context.unroute('**/merchant/redemptions')
    await tapButton(clerk.page, '再问一次')
    await see(clerk, '使用成功')
    await see(clerk, '没有重复')
    await see(resident, '已使用')
  })

  it('the same code once more is answered kindly, with the time', async () => {
    await check(code)
    await see(clerk, '不用再扫')
    await see(clerk, /\d+月\d+日 \d\d:\d\d/)
  })

  it('the day’s list has it once, with what was noted', async () => {
    await tapButton(clerk.page, '记录和合计')
    await see(clerk, '订单 A-17 · 58.50 元')
    expect(await top(clerk.page).locator('.done-row').filter({ hasText: 'A-17' }).count()).toBe(1)
  })

  it('a mistake is undone with a reason, and the resident can use it again', async () => {
    const row = top(clerk.page).locator('.done-row').filter({ hasText: 'A-17' })
    await row.locator('.done-undo').click()
    await tapText(clerk.page, '扫错了码')
    await tapButton(clerk.page, '确认撤销')
    await row.getByText('已撤销').waitFor()
    await clerk.page.goBack()
    await see(clerk, SHOP)
  })
})

describe('with a bad network', () => {
  it('a code appears on a slow one', async () => {
    await go(resident, 'pages/vouchers/index')
    await see(resident, OFFER)
    const devtools = await resident.context.newCDPSession(resident.page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', THREE_G)
    await tapButton(resident.page, '出示二维码')
    await showCode()
    await devtools.send('Network.emulateNetworkConditions', { ...THREE_G, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
    await resident.page.goBack()
  })

  it('a code fetched once is shown without any, and the till goes on when it has its own back', async () => {
    await resident.context.setOffline(true)
    await tapButton(resident.page, '出示二维码')
    await see(resident, '下面的码照样能用')
    code = await showCode()
    await clerk.context.setOffline(true)
    await see(clerk, '核验不了')
    await check(code)
    await see(clerk, '没有核验成功')
    await clerk.context.setOffline(false)
    await see(clerk, '可以享受')
  })

  it('a session that ended at this moment is opened anew, and the same customer is served', async () => {
    await clerk.page.evaluate(() => {
      const ended = JSON.stringify({ access_token: 'ended', refresh_token: 'ended' })
      localStorage.setItem('session.merchant', JSON.stringify({ type: 'string', data: ended }))
    })
    await tapButton(clerk.page, '确认使用')
    await see(clerk, '登录已经过期')
    await tapButton(clerk.page, '重新登录')
    await top(clerk.page).locator('.player').filter({ hasText: SHOP }).first().click()
    await see(clerk, '使用成功')
    await resident.context.setOffline(false)
    await top(resident.page).getByText('已使用').first().waitFor({ timeout: 3_000 })
  })

  it('an error of the system is told with a number to name, and one can try again', async () => {
    await clerk.context.route('**/merchant/summary*', problem(500, 'internal'))
    await tapButton(clerk.page, '记录和合计')
    await see(clerk, '系统出了点问题')
    await see(clerk, '求助时请报编号')
    await clerk.context.unroute('**/merchant/summary*')
    await tapButton(clerk.page, '再试一次')
    await see(clerk, '金额')
    await top(clerk.page).locator('[aria-label="前一天"]').click()
    await see(clerk, '这一天还没有记录')
  })

  it('leaving the shop leads back to the residents’ pages', async () => {
    await clerk.page.goBack()
    await tapButton(clerk.page, '退出门店')
    await top(clerk.page).locator('.sheet uni-button').filter({ hasText: '退出门店' }).click()
    await see(clerk, '只予激励，不予惩戒')
  })
})

it('whoever comes too late is told that it is sold out', async () => {
  await prepareResident(resident, system, LATECOMER, { claims: false })
  await resident.context.route('**/resident/vouchers', (route) =>
    route.request().method() === 'POST' ? problem(409, 'voucher.sold_out')(route) : route.continue(),
  )
  await go(resident, `pkg-incentives/detail/index?id=${claimed.incentive}`)
  await tapButton(resident.page, /^领取$/)
  await see(resident, /领完/)
  await resident.context.unroute('**/resident/vouchers')
})

describe('links', () => {
  it('lead on after signing in, and back leads home', async () => {
    const { page } = clerk
    await go(clerk, `pkg-vouchers/code/index?incentive=${claimed.withMatch}`)
    await see(clerk, '请先登录')
    await tapButton(page, '去登录')
    await page.locator(`[data-user="${LATECOMER}"]`).click()
    await top(page).locator('.code-picture').waitFor()
    expect(page.url()).toContain(claimed.withMatch)
    await page.locator('.uni-page-head-btn:visible').first().click()
    await tapTab(page, '首页')
    await see(clerk, '全部')
  })

  it('in a message or a code open the page they name, above home', async () => {
    const target = `/pkg-incentives/detail/index?id=${claimed.incentive}`
    await go(clerk, `?to=${encodeURIComponent(target)}`)
    await see(clerk, '哪里能用')
    await clerk.page.goBack()
    await see(clerk, '全部')
  })
})

it('asked nobody else, and complained about nothing', () => {
  expect([...resident.strangers, ...clerk.strangers]).toEqual([])
  const expected = /status of 500/
  expect([...resident.complaints, ...clerk.complaints].filter((text) => !expected.test(text))).toEqual([])
})
