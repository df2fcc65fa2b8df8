/** The office at work: figures, lists and a file to take along, one resident for a case, settings, the trail of it all. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { fill, heading, press, takeDesk, wrongOn, type Desk } from './desk'
import { becomeResident, claimVoucher } from './resident'

const founder = cast.colleague('钱建国')
const guard = cast.colleague('孙丽华')
const officer = cast.colleague('何秀兰')
const auditor = cast.colleague('周敏')
let system: System
let console_: string
let first: Desk
let second: Desk
let person: System['people'][number]
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  person = system.people.find(({ user }) => user === 'li-guihua')!
  await claimVoucher(system, await becomeResident(system, person.user))
  first = await takeDesk(console_)
  second = await takeDesk(console_)
})
afterAll(async () => {
  await Promise.all([first, second].map((desk) => desk?.close()))
  await system?.stop()
})

it('an officer and an auditor join', async () => {
  const { page } = first
  await page.goto(await cast.setUpLink(system))
  await fill(page, '姓名', founder.name)
  await fill(page, '邮箱', founder.email)
  await cast.newPassword(page, founder.password)
  await press(page, '建立账号')
  await cast.enrolTotp(page, founder)
  await heading(page, `${founder.name}，您好`)
  await go(page, '/staff')
  await cast.invite(page, guard, ['安全管理员'])
  await cast.accept(second.page, guard, system)
  await cast.enrolTotp(second.page, guard)
  await heading(second.page, `${guard.name}，您好`)
  await go(second.page, '/staff')
  await cast.invite(second.page, officer, ['项目经理', '案件办理员'])
  await cast.invite(second.page, auditor, ['审计管理员'])
  await cast.signOut(page, founder)
  await cast.accept(page, officer, system)
  await cast.enrolTotp(page, officer)
  await heading(page, `${officer.name}，您好`)
})

it('the figures are charts, and say that nobody knows yet how many people live here', async () => {
  const { page } = first
  await go(page, '/figures')
  await heading(page, '数据看板')
  await page.getByText('有信用分的市民', { exact: true }).waitFor()
  await page.getByText('常住人口未填').waitFor()
  expect(await wrongOn(page)).toEqual([])
  await page.getByLabel('时间').selectOption('7')
  await page.waitForURL(/range=7/)
})

it('a setting is changed for a reason, shows in the figures within seconds, and goes back by one click', async () => {
  const { page } = first
  await page.getByRole('link', { name: '去系统设置里填写' }).click()
  await heading(page, '系统设置')
  expect(await wrongOn(page)).toEqual([])
  await press(page, '修改“常住人口”')
  const fields = page.locator('dialog[open] .district-people input')
  await fields.first().waitFor()
  for (const field of await fields.all()) await field.fill('1000')
  await fill(page, '数据来源', '试验用的数字')
  await fill(page, '截止日期', '2020-11-01')
  await fill(page, '为什么改', '看板要算覆盖面')
  expect(await wrongOn(page)).toEqual([])
  await press(page, '保存并生效')
  await page.getByText('共 7,000 人，截至 2020-11-01（试验用的数字）').waitFor()
  // Every process goes by it after two seconds.
  await page.waitForTimeout(2500)
  await go(page, '/figures')
  await page.reload()
  await page.getByText('常住人口来自试验用的数字，截至 2020-11-01').waitFor()
  expect(await wrongOn(page)).toEqual([])
  await go(page, '/settings')
  await press(page, '“常住人口”的修改记录')
  await page.getByText(`${officer.name} 于`).first().waitFor()
  await press(page, '恢复为城市资料里的值')
  await page.locator('dd', { hasText: '共 7,000 人' }).waitFor({ state: 'detached' })
})

it('a list is sorted by its header, narrowed, and kept as a view that opens by itself', async () => {
  const { page } = first
  await go(page, '/vouchers')
  await heading(page, '券')
  expect(await wrongOn(page)).toEqual([])
  await page.getByRole('button', { name: '领取时间' }).click()
  await page.waitForURL(/sort=oldest/)
  await page.getByLabel('状态').selectOption('issued')
  await page.waitForURL(/state=issued/)
  await press(page, '常用筛选')
  await fill(page, '保存现在的筛选', '最早的未使用券')
  await page.getByText('打开列表时自动使用').click()
  expect(await wrongOn(page)).toEqual([])
  await press(page, '保存现在的筛选')
  await page.getByText('已保存“最早的未使用券”').waitFor()
  await press(page, '关闭')
  await press(page, '清除条件')
  await page.waitForURL((url) => url.hash === '#/vouchers')
  await go(page, '/figures')
  await heading(page, '数据看板')
  await go(page, '/vouchers')
  await page.waitForURL(/state=issued/)
  await page.reload()
  await press(page, '管理常用筛选')
  await press(page, '删除：最早的未使用券')
  await page.getByText('已删除“最早的未使用券”').waitFor()
  await press(page, '撤销')
  await page.locator('dialog[open] .view-name').waitFor()
  await press(page, '关闭')
})

it('a list is taken along with a purpose', async () => {
  const { page } = first
  await press(page, '导出')
  await fill(page, '目的', '核对九月账目')
  await press(page, '开始导出')
  const ready = page.getByRole('link', { name: '下载文件' })
  await ready.waitFor({ timeout: 40_000 })
  expect(await wrongOn(page)).toEqual([])
  const [download] = await Promise.all([page.waitForEvent('download'), ready.click()])
  expect(download.suggestedFilename()).toMatch(/^export-\w{8}\.xlsx$/)
  await press(page, '关闭')
  await go(page, '/redemptions')
  await heading(page, '核销')
  expect(await wrongOn(page)).toEqual([])
})

it('a resident is looked up for a case, and a field in clear is hidden again', async () => {
  const { page } = first
  const stranger = system.people.find(({ user }) => user !== person.user)
  await go(page, '/residents')
  await heading(page, '市民查询')
  await fill(page, '事项编号', '黄信异〔2026〕12号')
  await fill(page, '身份证号', stranger!.id_number)
  await press(page, '查询')
  await page.getByText('没有找到这位市民').waitFor()
  expect(page.url()).not.toContain(stranger!.id_number)
  await fill(page, '身份证号', person.id_number)
  await press(page, '查询')
  await page.getByText('查询结果').waitFor()
  expect(await page.getByText(person.name, { exact: true }).count()).toBe(0)
  expect(await wrongOn(page)).toEqual([])
  await page.getByRole('button', { name: /完整显示 60 秒.*姓名/ }).click()
  await page.getByText(person.name, { exact: true }).waitFor()
  await page.getByRole('timer').waitFor()
  await press(page, '现在隐去')
  await page.getByText(person.name, { exact: true }).waitFor({ state: 'detached' })
})

it('the score model names the law of every indicator', async () => {
  const { page } = first
  await go(page, '/score-model')
  await page.getByText('示例模型', { exact: true }).waitFor()
  expect(await wrongOn(page)).toEqual([])
})

it('the auditor reads what was done', async () => {
  const { page } = second
  await cast.signOut(page, guard)
  await cast.accept(page, auditor, system)
  await cast.enrolTotp(page, auditor)
  await heading(page, `${auditor.name}，您好`)
  await go(page, '/audit')
  for (const done of ['查找市民，没有找到', '显示市民的完整信息', '申请导出列表', '修改系统设置']) {
    await page.getByLabel('事件').selectOption({ label: done })
    await page.getByRole('cell', { name: done }).first().waitFor()
  }
  expect(await wrongOn(page)).toEqual([])
  for (const { strangers, complaints } of [first, second]) expect([strangers, complaints]).toEqual([[], []])
})
