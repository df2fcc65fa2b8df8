/** A resident reports on a phone that a shop did not honour an incentive; the unit answers, the office closes it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { takePhone, tapButton, tapText, top, type Phone } from '../../../miniprogram/tests/browser/phone'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, look, press, takeDesk, told, type Desk } from './desk'
import { becomeResident, claimVoucher, findIncentive, keepOnPhone } from './resident'

const OFFER = '满五十元减五元'
const WORDS = '第三号柜台的店员说没听过这个优惠，让我下次再来'
const officer = cast.colleague('周卫东')
const editor = cast.colleague('何秀兰')
let system: System
let console_: string
let office: Desk
let unit: Desk
let phone: Phone
let incentive = ''
let voucher = ''
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const openOnPhone = (path: string) => phone.page.goto(`${system.backend}/m/${path}`)
const said = (words: string | RegExp) => top(phone.page).getByText(words).first().waitFor()

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  office = await takeDesk(console_)
  unit = await takeDesk(console_)
  phone = await takePhone([system.backend, system.simulator])
  await openOnPhone('')
  const resident = await becomeResident(system, 'li-guihua')
  await keepOnPhone(phone, resident)
  voucher = (await claimVoucher(system, resident)).id
  const offer = await findIncentive(system, OFFER)
  incentive = offer.id
  const { name } = (await (await fetch(`${system.backend}/api/v1/public/units/${offer.unit_id}`)).json()) as { name: string }
  const founder = cast.colleague('钱建国')
  const guard = cast.colleague('孙丽华')
  const link = await cast.setUpLink(system)
  await cast.found(office.page, founder, link)
  await go(office.page, '/staff')
  await cast.invite(office.page, guard, ['安全管理员'])
  await cast.signOut(office.page, founder)
  await cast.comeIn(office.page, guard, system)
  await go(office.page, '/staff')
  await cast.invite(office.page, officer, ['案件办理员'])
  await cast.invite(office.page, editor, ['单位经办员'], name)
  await cast.signOut(office.page, guard)
  await cast.comeIn(office.page, officer, system)
  await cast.comeIn(unit.page, editor, system)
})
afterAll(async () => {
  expect([...(office?.complaints ?? []), ...(unit?.complaints ?? []), ...(phone?.complaints ?? [])]).toEqual([])
  await Promise.all([office, unit, phone].map((place) => place?.close()))
  await system?.stop()
})

it('a resident reports from the incentive’s page', async () => {
  await openOnPhone(`pkg-incentives/detail/index?id=${incentive}`)
  await tapText(phone.page, '这里不认？')
  await said('哪家店')
  await look(phone.page, 'report-new')
  await top(phone.page).getByRole('radio').first().click()
  await tapText(phone.page, '店员不知道有这个优惠')
  await top(phone.page).locator('textarea').fill(WORDS)
  await tapButton(phone.page, '提交')
  await said('已经收到')
  await look(phone.page, 'report-done')
  await tapButton(phone.page, '看我的反映')
  await said('等单位答复')
  await said(WORDS)
  await look(phone.page, 'report-mine-open')
})

it('the same is not reported twice at a time', async () => {
  await openOnPhone(`pkg-reports/new/index?incentive=${incentive}`)
  await top(phone.page).getByRole('radio').first().click()
  await tapText(phone.page, '其他情况')
  await tapButton(phone.page, '提交')
  await said('这家店的这个优惠您已经反映过了')
})

it('the unit answers, and is not told who it was', async () => {
  const { page } = unit
  await go(page, '/reports')
  await page.locator('tbody').getByRole('link').first().waitFor()
  await look(page, 'reports-unit')
  await page.locator('tbody').getByRole('link').first().click()
  await told(page, WORDS)
  expect(await page.locator('main').innerText()).not.toContain('李')
  await fill(page, '怎么处理的', '已经给三号柜台的店员讲清楚，欢迎再来')
  await look(page, 'report-answer')
  await press(page, '提交答复')
  await told(page, '答复已经提交')
  await told(page, '已答复')
})

it('the office closes it, and the resident reads what came of it', async () => {
  const { page } = office
  await go(page, '/reports')
  await page.locator('tbody').getByRole('link').first().click()
  await told(page, '已经给三号柜台的店员讲清楚')
  await page.getByLabel('结论').selectOption('settled')
  await fill(page, '说明（可不填）', '已回访门店')
  await press(page, '办结')
  await look(page, 'report-close')
  await confirm(page, '办结')
  await told(page, '反映已经办结')
  await heading(page, OFFER)
  await look(page, 'report-closed')
  await openOnPhone('pkg-notices/list/index')
  await expect
    .poll(async () => (await phone.page.reload(), said('反映已办结').then(() => true, () => false)), { timeout: 60_000 })
    .toBe(true)
  await tapText(phone.page, '反映已办结')
  await said('已经解决。已回访门店')
  await look(phone.page, 'report-mine')
})

it('another is reported from the voucher’s page', async () => {
  await openOnPhone(`pkg-vouchers/detail/index?voucher=${voucher}`)
  const title = await top(phone.page).locator('.held-title').innerText()
  await tapText(phone.page, '这里不认？')
  await said('哪家店')
  await said(title)
  await top(phone.page).getByRole('radio').first().click()
  await tapText(phone.page, '其他情况')
  await tapButton(phone.page, '提交')
  await said('已经收到')
})
