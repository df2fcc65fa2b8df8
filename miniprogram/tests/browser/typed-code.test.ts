/** Where no code can be scanned: a resident says a typed code, a clerk types it. Two phones. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinClerk, prepareResident } from './cast'
import { takePhone, tapButton, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const OFFER = '满五十元减五元'
let system: System
let resident: Phone
let clerk: Phone
let held: Awaited<ReturnType<typeof prepareResident>>

const see = (phone: Phone, text: string | RegExp) => top(phone.page).getByText(text).first().waitFor()
const field = () => top(clerk.page).locator('.typed-input input')
/** As the screen shows it, in two groups. */
const codeOf = async (phone: Phone) => (await top(phone.page).locator('.say-group').allTextContents()).join('-')
const chooseShop = async () => {
  const clerksShop = system.clerks.find(({ shop }) => shop.includes('便民超市'))!.shop
  await top(resident.page).locator('.shop-choice').filter({ hasText: clerksShop }).click()
  await top(resident.page).locator('.say-code').waitFor()
}

beforeAll(async () => {
  system = await findSystem()
  const own = [system.backend, system.simulator]
  resident = await takePhone(own)
  clerk = await takePhone(own)
  for (const phone of [resident, clerk]) await phone.page.goto(`${system.backend}/m/`)
  held = await prepareResident(resident, system, 'ouyang-yan')
  await joinClerk(clerk, system)
  await clerk.page.goto(`${system.backend}/m/pkg-merchant/desk/index`)
})
afterAll(async () => {
  await resident?.close()
  await clerk?.close()
  await system?.stop()
})

it('leads from the QR code to a code for one shop', async () => {
  await resident.page.goto(`${system.backend}/m/pkg-vouchers/code/index?voucher=${held.voucher}`)
  await tapButton(resident.page, '不能扫码？用数字码')
  await see(resident, '在哪家门店用？')
  await chooseShop()
  await see(resident, '只能在这家门店用')
  await see(resident, /^9 分 \d+ 秒内有效$/)
  expect(await codeOf(resident)).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/)
})

it('tells at once what is in no code, and offers the check when it is whole', async () => {
  await tapButton(clerk.page, '输入数字码')
  await field().pressSequentially('7k0')
  await see(clerk, '数字码里没有“0”')
  await field().fill('')
  await see(clerk, '大小写都行')
  await field().pressSequentially('7kmp')
  await see(clerk, '已输入 4 个')
  const check = top(clerk.page).locator('uni-button').filter({ hasText: /^核验$/ })
  expect(await check.getAttribute('disabled')).not.toBeNull()
  await field().pressSequentially('2222')
  await expect.poll(() => field().inputValue()).toBe('7KMP-2222')
})

it('says kindly that a code is wrong, and how many tries there are', async () => {
  await tapButton(clerk.page, /^核验$/)
  await see(clerk, '还可以再试 4 次')
  expect(await field().inputValue()).toBe('7KMP-2222')
})

it('refuses a code that was replaced by a new one', async () => {
  const first = await codeOf(resident)
  await tapButton(resident.page, '换一个数字码')
  await top(resident.page).locator('.say-group').filter({ hasText: first.slice(0, 4) }).waitFor({ state: 'detached' })
  await field().fill(first)
  await tapButton(clerk.page, /^核验$/)
  await see(clerk, '还可以再试 3 次')
})

it('says that a typed code needs the network', async () => {
  await resident.context.setOffline(true)
  await see(resident, '数字码要有网络才能用')
  await tapButton(resident.page, '换一个数字码')
  await see(resident, '网络连不上')
  await resident.context.setOffline(false)
})

it('honours the code however it is written, and the resident sees it', async () => {
  const code = await codeOf(resident)
  await field().fill(` ${code.toLowerCase().replace('-', ' ')} `)
  await field().press('Enter')
  await see(clerk, '可以享受')
  await see(clerk, OFFER)
  await tapButton(clerk.page, '确认使用')
  await see(clerk, '使用成功')
  await top(resident.page).getByText('已使用').first().waitFor({ timeout: 5_000 })
  await tapButton(resident.page, '回到我的券')
})

it('stops a till after five wrong codes, and leaves it the scanner', async () => {
  await tapButton(clerk.page, '输入数字码')
  // One till has five tries in ten minutes; two were made above.
  for (const left of ['2', '1']) {
    await field().fill('2222-2222')
    await tapButton(clerk.page, /^核验$/)
    await see(clerk, `还可以再试 ${left} 次`)
  }
  await tapButton(clerk.page, /^核验$/)
  await see(clerk, '10 分钟后可以再输数字码')
  await tapButton(clerk.page, /^核验$/)
  await see(clerk, /数字码输错了好几次，\d+ 分钟后可以再输/)
  await tapText(clerk.page, '回到扫码')
  await see(clerk, '二维码内容')
})

it('asked nobody else, and complained about nothing', () => {
  expect([...resident.strangers, ...clerk.strangers]).toEqual([])
  expect([...resident.complaints, ...clerk.complaints]).toEqual([])
})
