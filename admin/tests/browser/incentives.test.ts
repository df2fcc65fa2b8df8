/** A unit's editor drafts, somebody else at the office decides, residents find what was approved. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, press, takeDesk, told, wrongOn, type Desk } from './desk'

const TITLE = '社区书屋借阅加倍'
const founder = cast.colleague('钱建国')
const guard = cast.colleague('孙丽华')
const both = cast.colleague('周卫东')
const reviewer = cast.colleague('郑晓梅')
const editor = cast.colleague('何秀兰')
let system: System
let console_: string
let office: Desk
let unit: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const choose = (page: Page, label: string, option: string) => page.getByLabel(label).first().selectOption({ label: option })

interface Listed {
  items: { title: string; benefit: string }[]
}
/** What residents find, as anybody may ask for it. */
const found = async (): Promise<Listed['items']> =>
  ((await (await fetch(new URL(`/api/v1/public/incentives?q=${encodeURIComponent(TITLE)}`, console_))).json()) as Listed).items

async function fillIn(page: Page, title: string): Promise<void> {
  await choose(page, '形式', '券')
  await fill(page, '名称', title)
  await fill(page, '一句话介绍', '凭信用分多借十本书')
  await page.getByLabel('类别').first().selectOption({ index: 1 })
  await choose(page, '优惠方式', '增额或延期')
  await fill(page, '优惠内容', '可借二十本')
  await fill(page, '使用说明', '本人使用\n不可转让')
  await page.getByLabel('需要的信用分').fill('60')
  await page.getByRole('group', { name: '适用门店' }).locator('label').first().click()
  await fill(page, '开始日期', '2020-01-01')
  await fill(page, '结束日期', '2099-12-31')
  await fill(page, '每人次数', '1')
  await choose(page, '次数按什么算', '总共')
  await fill(page, '总名额', '50')
  await fill(page, '领取后多少天内有效', '30')
  await choose(page, '费用由谁承担', '本单位')
}

beforeAll(async () => {
  system = await startSystem()
  const link = await cast.setUpLink(system)
  console_ = link.split('#')[0]!
  office = await takeDesk(console_)
  unit = await takeDesk(console_)
  const { page } = office
  await cast.found(page, founder, link)
  await go(page, '/staff')
  await cast.invite(page, guard, ['安全管理员'])
  await cast.signOut(page, founder)
  await cast.comeIn(page, guard, system)
  await go(page, '/staff')
  await cast.invite(page, both, ['项目经理', '审核员'])
  await cast.invite(page, reviewer, ['审核员'])
  await cast.invite(page, editor, ['单位经办员'], await cast.someUnit(page))
  await cast.comeIn(unit.page, editor, system)
  await cast.signOut(page, guard)
})
afterAll(async () => {
  await Promise.all([office, unit].map((desk) => desk?.close()))
  await system?.stop()
})

it('an editor writes a draft and sees the resident’s page beside it', async () => {
  const { page } = unit
  await go(page, '/incentives')
  await told(page, /起草新项目/)
  await press(page, '起草新项目')
  await heading(page, '（还没有名称）')
  await press(page, '提交审核')
  await press(page, '提交审核')
  await told(page, '必须填写。')
  await fillIn(page, TITLE)
  await page.locator('.phone').getByText(TITLE).waitFor()
  await page.locator('.phone').getByText('信用分 60.0 分及以上').waitFor()
  expect(await wrongOn(page)).toEqual([])
})

it('what is typed is not lost by leaving', async () => {
  const { page } = unit
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '首页' }).click()
  await told(page, '还没有保存')
  await press(page, '留在这里')
  expect(await page.getByLabel('名称', { exact: true }).inputValue()).toBe(TITLE)
  await press(page, '保存草稿')
  await told(page, '草稿已经保存')
})

it('who saves second sees both, and loses nothing', async () => {
  const { page } = unit
  const other = await unit.context.newPage()
  await other.goto(page.url())
  await fill(other, '优惠内容', '可借三十本')
  await press(other, '保存草稿')
  await told(other, '草稿已经保存')
  await other.close()
  await fill(page, '一句话介绍', '多借十本书')
  await press(page, '保存草稿')
  await told(page, '别人刚刚保存过')
  await page.getByRole('cell', { name: '可借三十本' }).waitFor()
  expect(await wrongOn(page)).toEqual([])
  await press(page, '按我填的保存')
  await told(page, '草稿已经保存')
})

it('it is handed in, and residents do not see it yet', async () => {
  const { page } = unit
  await press(page, '提交审核')
  await confirm(page, '提交审核')
  await told(page, '待审核')
  expect(await found()).toEqual([])
})

it('a reviewer returns it with a reason by the keyboard, and it is handed in again', async () => {
  const { page } = office
  await cast.comeIn(page, reviewer, system)
  await go(page, '/incentive-drafts')
  expect(await wrongOn(page)).toEqual([])
  await page.getByRole('link', { name: TITLE }).click()
  await heading(page, TITLE)
  await page.locator('.phone').getByText('可借二十本').waitFor()
  await page.locator('h1').click()
  await page.keyboard.press('r')
  await page.getByLabel('问题在哪里').selectOption({ label: '使用说明' })
  await fill(page, '原因', '请写清借期')
  await confirm(page, '退回')
  await told(page, '已退回')
  await unit.page.reload()
  await told(unit.page, '请写清借期')
  await fill(unit.page, '使用说明', '本人使用，借期一个月')
  await press(unit.page, '提交审核')
  await confirm(unit.page, '提交审核')
  await told(unit.page, '待审核')
})

it('approved, it is what residents find', async () => {
  const { page } = office
  await page.reload()
  await told(page, '按 A 通过')
  await page.locator('h1').click()
  await page.keyboard.press('a')
  await page.getByLabel('发布时间').focus()
  expect(await wrongOn(page)).toEqual([])
  await confirm(page, '通过')
  await told(page, '已发布')
  expect(await found()).toMatchObject([{ title: TITLE, benefit: '可借二十本' }])
  await page.getByRole('link', { name: '看已公布的项目' }).click()
  await heading(page, TITLE)
  await told(page, '历次版本')
  expect(await wrongOn(page)).toEqual([])
  await cast.signOut(page, reviewer)
})

it('nobody decides on a draft of their own', async () => {
  const { page } = office
  await cast.comeIn(page, both, system)
  await go(page, '/incentive-drafts')
  await press(page, '起草新项目')
  await page.getByLabel('为哪个单位起草').locator('option').nth(1).waitFor({ state: 'attached' })
  await page.getByLabel('为哪个单位起草').selectOption({ index: 1 })
  await confirm(page, '起草新项目')
  await heading(page, '（还没有名称）')
  await fillIn(page, '代单位起草的项目')
  await press(page, '提交审核')
  await confirm(page, '提交审核')
  await told(page, '要由别人审核')
  expect(await page.getByRole('button', { name: '通过', exact: true }).count()).toBe(0)
})

it('nothing was asked of strangers, and no page complained', () => {
  for (const desk of [office, unit]) expect([desk.strangers, desk.complaints]).toEqual([[], []])
})
