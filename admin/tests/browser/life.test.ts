/** The life of a unit, from its application to the first resident it served, clicked by everybody in it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import * as phone from '../../../miniprogram/tests/browser/phone'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, look, press, takeDesk, told, type Desk } from './desk'

const COUNTED_WITHIN_MS = 6 * 60_000
const reviewer = cast.colleague('何秀兰')
const manager = cast.colleague('秦岚')
const UNIT = '黄石市下陆区团城山街道新时代湖畔书屋文化有限公司'
const CODE = '91420204MA4K7YEA1K'
const SHOP = '湖畔书屋（团城山店）'
const TITLE = '借书加倍，读书不用等'
let system: System
let console_: string
let office: Desk
let unit: Desk
let resident: phone.Phone
let clerk: phone.Phone
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const choose = (page: Page, label: string, option: string) => page.getByLabel(label).first().selectOption({ label: option })
const see = (of: phone.Phone, text: string | RegExp) => phone.top(of.page).getByText(text).first().waitFor()

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  const own = [system.backend, system.simulator, new URL(console_).origin]
  office = await takeDesk(console_)
  unit = await takeDesk(console_)
  resident = await phone.takePhone(own)
  clerk = await phone.takePhone(own)
  await cast.openOffice(office.page, system, reviewer, ['审核员', '项目经理'])
})
afterAll(async () => {
  await Promise.all([office, unit, resident, clerk].map((place) => place?.close()))
  await system?.stop()
})

it('it applies', async () => {
  const { page } = unit
  await page.goto(new URL('/apply', console_).href)
  await fill(page, '您的姓名', manager.name)
  await fill(page, '邮箱', manager.email)
  await press(page, '发送链接')
  await told(page, '请查收邮件')
  await page.goto(await cast.linkTo(manager, 'application', system))
  await heading(page, '成员单位申请')
  await fill(page, '单位全称', UNIT)
  await fill(page, '统一社会信用代码', CODE)
  await page.getByLabel('类别').selectOption({ index: 1 })
  await page.getByLabel('所在区县').selectOption('420204')
  await fill(page, '办公地址', '团城山 8 号')
  await fill(page, '主要业务', '图书借阅')
  await fill(page, '打算提供的优惠', '多借书')
  await fill(page, '联系电话', '0714-6543210')
  await page.getByLabel('上传营业执照').setInputFiles(await cast.picture(page, '执照.png'))
  await told(page, '营业执照已经上传')
  await press(page, '提交申请')
  await told(page, '申请已经提交')
})

it('is returned, applies again and is approved', async () => {
  const { page } = office
  await go(page, '/unit-applications')
  await page.getByRole('link', { name: UNIT }).click()
  await fill(page, '打算提供的优惠（可不填）', '请写明能借几本')
  await press(page, '退回给申请人')
  await confirm(page, '退回给申请人')
  await told(page, '申请已经退回')

  await cast.openNewestLink(unit.page, manager, 'application', system, '信用办退回了申请')
  await fill(unit.page, '打算提供的优惠', '一次可借二十本')
  await press(unit.page, '提交申请')
  await told(unit.page, '申请已经提交')

  await page.reload()
  await told(page, '第 2 次提交')
  await press(page, '通过申请')
  await confirm(page, '通过申请')
  await told(page, '申请已经通过')
})

it('signs the commitment', async () => {
  const { page } = unit
  await cast.accept(page, manager, system)
  await heading(page, `${manager.name}，您好`)
  await go(page, '/unit')
  await fill(page, '签署人姓名', manager.name)
  await fill(page, '签署人职务', '总经理')
  await fill(page, '您的登录密码', manager.password)
  await page.getByText('我已读完全文').click()
  await press(page, '签署')
  await page.getByRole('link', { name: '查看公开的承诺' }).waitFor()
})

it('adds a shop, and a clerk who accepts on a phone', async () => {
  const { page } = unit
  await go(page, '/shops')
  await press(page, '新增门店')
  await fill(page, '门店名称', SHOP)
  await fill(page, '地址', '团城山 8 号一层')
  await page.getByLabel('区县').selectOption('420204')
  await press(page, '新增门店')
  await heading(page, SHOP)
  await press(page, '邀请店员')
  await fill(page, '店员称呼', '一号柜台')
  await press(page, '生成邀请')
  const code = await page.locator('.invite-code .code').innerText()
  await press(page, '完成')
  await clerk.page.goto(`${system.backend}/m/pkg-merchant/join/index?invite=${code}`)
  await see(clerk, SHOP)
  await phone.tapText(clerk.page, '王建国')
  await see(clerk, '当前门店')
  await see(clerk, SHOP)
})

it('publishes an incentive through two people', async () => {
  const { page } = unit
  await go(page, '/incentives')
  await press(page, '起草新项目')
  await heading(page, '（还没有名称）')
  await choose(page, '形式', '券')
  await fill(page, '名称', TITLE)
  await fill(page, '一句话介绍', '凭信用分多借十本书')
  await page.getByLabel('类别').first().selectOption({ index: 1 })
  await choose(page, '优惠方式', '增额或延期')
  await fill(page, '优惠内容', '可借二十本')
  await fill(page, '使用说明', '本人使用')
  await page.getByLabel('需要的信用分').fill('60')
  await page.getByRole('group', { name: '适用门店' }).getByText(SHOP).click()
  await fill(page, '开始日期', '2020-01-01')
  await fill(page, '结束日期', '2099-12-31')
  await fill(page, '每人次数', '1')
  await choose(page, '次数按什么算', '总共')
  await fill(page, '总名额', '50')
  await fill(page, '领取后多少天内有效', '30')
  await choose(page, '费用由谁承担', '本单位')
  await press(page, '保存草稿')
  await told(page, '草稿已经保存')
  await press(page, '提交审核')
  await confirm(page, '提交审核')
  await told(page, '待审核')

  await go(office.page, '/incentive-drafts')
  await office.page.getByRole('link', { name: TITLE }).click()
  await press(office.page, '通过')
  await confirm(office.page, '通过')
  await told(office.page, '已发布')
})

it('a resident joins and agrees to be scored', async () => {
  const { page } = resident
  await page.goto(`${system.backend}/m/`)
  await phone.tapButton(page, '登录看看我能享受什么')
  await phone.tapText(page, '李桂花')
  await phone.tapButton(page, '开始')
  await phone.tapButton(page, '填入这位演示人物的信息')
  await phone.tapButton(page, '下一步')
  await phone.tapButton(page, '演示：直接确认')
  await phone.tapButton(page, '看授权说明')
  await phone.tapText(page, '我已看完上面的说明')
  await phone.tapButton(page, /^同意$/)
  await see(resident, '信用优秀')
})

it('is claimed by the resident and honoured by the clerk', async () => {
  const { page } = resident
  await phone.tapTab(page, '权益')
  await phone.top(page).locator('.search-input input').fill(TITLE)
  await phone.top(page).locator('.search-input input').press('Enter')
  await phone.top(page).locator('.incentive').nth(1).waitFor({ state: 'detached' })
  await phone.tapText(page, TITLE)
  await see(resident, SHOP)
  await phone.tapButton(page, /^领取$/)
  await phone.tapButton(page, '出示二维码')
  await phone.top(page).locator('.code-picture').waitFor()

  await phone.fill(clerk.page, '二维码内容', await phone.readCode(page))
  await phone.tapButton(clerk.page, '核验')
  await see(clerk, '可以享受')
  await see(clerk, TITLE)
  await phone.tapButton(clerk.page, '确认使用')
  await see(clerk, '使用成功')
  await phone.top(page).getByText('已使用').first().waitFor({ timeout: 3_000 })
})

it('is seen by the unit in its figures once the day is counted', { timeout: COUNTED_WITHIN_MS + 30_000 }, async () => {
  const { page } = unit
  const until = Date.now() + COUNTED_WITHIN_MS
  await go(page, '/unit-figures')
  await heading(page, '使用情况')
  await look(page, 'unit-figures-none')
  const used = page.locator('.tile').filter({ hasText: '核销' }).locator('.tile-value').first()
  while ((await used.innerText()) !== '1') {
    if (Date.now() > until) throw new Error('the day was not counted')
    await page.waitForTimeout(5_000)
    await page.reload()
    await used.waitFor()
  }
  expect(await page.locator('.tile').filter({ hasText: '领取' }).locator('.tile-value').innerText()).toBe('1')
  await look(page, 'unit-figures')
})

it('nothing was asked of strangers, and no page complained', () => {
  for (const place of [office, unit, resident, clerk]) expect([place.strangers, place.complaints]).toEqual([[], []])
})
