/** A unit adds a shop and invites a clerk, who accepts on a phone; pausing and closing end what the clerk may do. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, look, press, takeDesk, told, type Desk } from './desk'

const SHOP = '黄石市西塞山区八泉街道陈家湾社区新时代便民书店（湖滨路旗舰店）'
const founder = cast.colleague('钱建国')
const guard = cast.colleague('孙丽华')
const officer = cast.colleague('周卫东')
const manager = cast.colleague('何秀兰')
let system: System
let console_: string
let office: Desk
let unit: Desk
/** Two people edit one shop at once: the same account in a second window. */
let beside: Page
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

beforeAll(async () => {
  system = await startSystem()
  const link = await cast.setUpLink(system)
  console_ = link.split('#')[0]!
  office = await takeDesk(console_)
  unit = await takeDesk(console_)
  await cast.found(office.page, founder, link)
  await go(office.page, '/staff')
  await cast.invite(office.page, guard, ['安全管理员'])
  await cast.signOut(office.page, founder)
  await cast.comeIn(office.page, guard, system)
  await go(office.page, '/staff')
  await cast.invite(office.page, officer, ['项目经理'])
  await cast.invite(office.page, manager, ['单位管理员'], await cast.someUnit(office.page))
  await cast.signOut(office.page, guard)
  await cast.comeIn(office.page, officer, system)
  await cast.comeIn(unit.page, manager, system)
})
afterAll(async () => {
  expect([...(office?.complaints ?? []), ...(unit?.complaints ?? [])]).toEqual([])
  await Promise.all([office, unit].map((desk) => desk?.close()))
  await system?.stop()
})

it('a manager adds a shop, and what is wrong is told at its field', async () => {
  const { page } = unit
  await go(page, '/shops')
  await press(page, '新增门店')
  await heading(page, '新增门店')
  await look(page, 'shop-new')
  await fill(page, '门店名称', SHOP)
  await fill(page, '地址', '湖滨路 2 号一层')
  await page.getByLabel('区县').selectOption({ index: 1 })
  await fill(page, '门店电话（可不填）', '六五四三')
  await fill(page, '经纬度（可不填）', '磁湖边')
  await told(page, '请先写纬度，再写经度')
  await fill(page, '经纬度（可不填）', '30.2, 115.04')
  await press(page, '新增门店')
  await told(page, '不是有效的电话号码')
  await fill(page, '门店电话（可不填）', '0714-6543210')
  await fill(page, '营业时间（可不填）', '每天 9:00–21:00')
  await press(page, '新增门店')
  await heading(page, SHOP)
  await told(page, '还没有店员')
  await look(page, 'shop')
  await go(page, '/shops')
  await page.getByRole('link', { name: SHOP }).waitFor()
  await look(page, 'shops')
  await page.getByRole('link', { name: SHOP }).click()
})

it('who saves second is shown both and decides', async () => {
  const { page } = unit
  beside = await unit.context.newPage()
  await beside.goto(page.url())
  await fill(beside, '营业时间（可不填）', '每天 8:00–20:00')
  await fill(page, '地址', '湖滨路 2 号二层')
  await press(beside, '保存')
  await told(beside, '门店信息已经保存')
  await press(page, '保存')
  await told(page, '别人刚刚改过这家门店')
  await look(page, 'shop-stale')
  await press(page, '按我填的保存')
  await told(page, '门店信息已经保存')
  await page.reload()
  await expect.poll(() => page.getByLabel('地址').inputValue()).toBe('湖滨路 2 号二层')
  await beside.close()
})

it('a clerk is invited by a code drawn here, and accepts', async () => {
  const { page } = unit
  await press(page, '邀请店员')
  await fill(page, '店员称呼', '二号收银台小陈')
  await press(page, '生成邀请')
  await page.locator('.invite-picture').waitFor()
  await look(page, 'shop-invite')
  const code = await page.locator('.invite-code .code').innerText()
  await press(page, '完成')
  await told(page, '等待接受')
  const phone = await cast.signInClerk(system, 'wang-jianguo', code)
  expect(phone.shop).toBe(SHOP)
  await page.reload()
  await told(page, '已接受')
  await look(page, 'shop-clerks')
  await act(page, '暂停“二号收银台小陈”？')
  await confirm(page, '暂停')
  await told(page, '店员已经暂停')
  expect(await phone.isIn()).toBe(false)
  await act(page, '恢复“二号收银台小陈”？')
  await confirm(page, '恢复')
  await told(page, '店员已经恢复')
})

it('closing tells what follows, and ends what the clerk may do', async () => {
  const phone = await cast.signInClerk(system, 'wang-jianguo')
  const { page } = unit
  await press(page, '停业')
  await look(page, 'shop-close')
  await confirm(page, '停业')
  await told(page, '门店已经停业')
  expect(await phone.isIn()).toBe(false)
  await look(page, 'shop-closed')
  await press(page, '恢复营业')
  await confirm(page, '恢复营业')
  await told(page, '门店已经恢复营业')
})

it('a poster is printed with the code of the mini-program', async () => {
  const { page } = unit
  const address = await page.getByRole('link', { name: '打印门店海报（PDF）' }).evaluate((link: HTMLAnchorElement) => link.href)
  const poster = await unit.context.request.get(address)
  expect([poster.status(), poster.headers()['content-type']]).toEqual([200, 'application/pdf'])
})

it('the office finds the shops of all units', async () => {
  const { page } = office
  await go(page, '/shops')
  await page.locator('tbody').getByRole('link').nth(10).waitFor()
  await look(page, 'shops-office')
  await fill(page, '门店、地址或单位', '湖滨路旗舰店')
  await press(page, '查找')
  await page.getByRole('link', { name: SHOP }).click()
  await heading(page, SHOP)
  await act(page, '移除“二号收银台小陈”？')
  await confirm(page, '移除')
  await told(page, '店员已经移除')
})
