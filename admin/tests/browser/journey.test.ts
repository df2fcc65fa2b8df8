/** From the first link to a staffed office: joining, roles, suspension, locks, second factors and a unit's people. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { fill, heading, pluginPasskeys, press, takeDesk, told, wrongOn, type Desk } from './desk'

const founder = cast.colleague('钱建国')
const guard = cast.colleague('孙丽华')
const reviewer = cast.colleague('阿不都热合曼·买买提江')
const manager = cast.colleague('何秀兰')
let system: System
let console_: string
let first: Desk
let second: Desk
let third: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  first = await takeDesk(console_)
  second = await takeDesk(console_)
  third = await takeDesk(console_, { width: 1280, height: 800 })
  await pluginPasskeys(third)
})
afterAll(async () => {
  await Promise.all([first, second, third].map((desk) => desk?.close()))
  await system?.stop()
})

it('the first account is made with the printed link', async () => {
  const { page } = first
  await page.goto(console_)
  await told(page, '还没有任何账号')
  await page.goto(await cast.setUpLink(system))
  await heading(page, '建立第一个账号')
  expect(page.url()).not.toContain('token')
  await fill(page, '姓名', founder.name)
  await fill(page, '邮箱', founder.email)
  await cast.newPassword(page, 'short1')
  await press(page, '建立账号')
  await told(page, '密码应有 12')
  expect(await wrongOn(page)).toEqual([])
  await cast.newPassword(page, founder.password)
  await press(page, '建立账号')
  await heading(page, '设置第二道验证')
  expect(await wrongOn(page)).toEqual([])
  await cast.enrolTotp(page, founder)
  await heading(page, `${founder.name}，您好`)
  expect(founder.codes.length).toBeGreaterThan(5)
})

it('a letter brings the security administrator in', async () => {
  await go(first.page, '/staff')
  await cast.invite(first.page, guard, ['安全管理员'])
  await told(first.page, '还没接受的邀请')
  const { page } = second
  await cast.accept(page, guard, system)
  await cast.enrolTotp(page, guard)
  await heading(page, `${guard.name}，您好`)
  await go(page, '/roles')
  await told(page, '分配角色、停用和解锁人员')
  expect(await wrongOn(page)).toEqual([])
})

it('a reviewer joins with a passkey, and signs in with nothing else', async () => {
  await go(second.page, '/staff')
  await cast.invite(second.page, reviewer, ['审核员'])
  const { page } = third
  await cast.accept(page, reviewer, system)
  await page.locator('[data-way="passkey"]').click()
  await fill(page, '给它起个名字', '办公室电脑')
  await press(page, '添加通行密钥')
  await cast.keepCodes(page, reviewer)
  await heading(page, `${reviewer.name}，您好`)
  await page.getByRole('link', { name: '项目草稿与审核' }).first().waitFor()
  await cast.signOut(page, reviewer)
  await press(page, '用通行密钥登录')
  await heading(page, `${reviewer.name}，您好`)
  await go(page, '/staff')
  await heading(page, '您没有这项权限')
})

it('the list is narrowed, remembers it, and keeps names out of the address', async () => {
  const { page } = second
  await go(page, '/staff')
  await page.getByLabel('角色').selectOption('reviewer')
  await page.getByRole('cell', { name: founder.email }).waitFor({ state: 'detached' })
  expect(page.url()).toContain('role=reviewer')
  await page.keyboard.press('Escape')
  await page.locator('h1').click()
  await page.keyboard.press('/')
  await page.keyboard.type('买买提江')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: reviewer.name }).waitFor()
  expect(decodeURIComponent(page.url())).not.toContain('买买提江')
  await page.getByRole('link', { name: reviewer.name }).click()
  await heading(page, reviewer.name)
  await page.getByRole('navigation', { name: '所在位置' }).getByRole('link', { name: '工作人员' }).click()
  await page.getByRole('link', { name: reviewer.name }).waitFor()
  expect(page.url()).toContain('role=reviewer')
  expect(await page.getByLabel('姓名或邮箱').inputValue()).toBe('买买提江')
  await page.reload()
  expect(await page.getByLabel('姓名或邮箱').inputValue()).toBe('买买提江')
  expect(await wrongOn(page)).toEqual([])
  await press(page, '清除条件')
  await page.getByRole('cell', { name: founder.email }).waitFor()
})

it('who saves second is told, and loses nothing', async () => {
  const { page } = second
  await page.getByRole('link', { name: reviewer.name }).click()
  await heading(page, reviewer.name)
  const other = await second.context.newPage()
  await other.goto(page.url())
  await other.getByText('窗口人员').click()
  await press(other, '保存')
  await told(other, '角色已经保存')
  await page.getByText('案件办理员').click()
  await press(page, '保存')
  await told(page, '别人刚刚改过')
  await told(page, '现在是：审核员、窗口人员')
  await told(page, '您选的：审核员、案件办理员')
  expect(await wrongOn(page)).toEqual([])
  await press(page, '按我选的保存')
  await told(page, '角色已经保存')
  await other.reload()
  await other.getByRole('definition').getByText('审核员、案件办理员').waitFor()
  await other.close()
})

it('a suspension ends the work at once, keeps what was typed, and can be lifted', async () => {
  const reader = third.page
  await go(reader, '/account')
  await fill(reader, '现在的密码', 'something typed')
  const { page } = second
  await press(page, '停用账号')
  await fill(page, '原因', '已调离')
  expect(await wrongOn(page)).toEqual([])
  await (await page.locator('dialog[open]')).getByRole('button', { name: '停用账号' }).click()
  await told(page, '原因：已调离')
  await press(reader, '换一批新的')
  await (await reader.locator('dialog[open]')).getByRole('button', { name: '换一批新的' }).click()
  await told(reader, '请再登录一次')
  await fill(reader, '密码', reviewer.password)
  await press(reader, '登录')
  await told(reader, '这个账号已停用')
  await press(page, '恢复账号')
  await (await page.locator('dialog[open]')).getByRole('button', { name: '恢复账号' }).click()
  await told(page, '账号已经恢复')
  await fill(reader, '密码', reviewer.password)
  await press(reader, '登录')
  await press(reader, '使用通行密钥')
  await reader.getByRole('heading', { name: '请再登录一次' }).waitFor({ state: 'detached' })
  await reader.keyboard.press('Escape')
  expect(await reader.getByLabel('现在的密码', { exact: true }).inputValue()).toBe('something typed')
})

it('the end is told beforehand, and can be put off', async () => {
  const { page } = third
  await page.clock.install()
  await go(page, '/')
  await page.reload()
  await heading(page, `${reviewer.name}，您好`)
  await page.clock.fastForward('13:30')
  await told(page, '快要自动退出了')
  expect(await wrongOn(page)).toEqual([])
  await press(page, '继续工作')
  await page.getByText('快要自动退出了').waitFor({ state: 'detached' })
})

it('too many wrong passwords lock, and an administrator unlocks', async () => {
  const { page } = third
  await cast.signOut(page, reviewer)
  for (let tries = 0; tries < 6; tries++) {
    await cast.typePassword(page, reviewer, `wrong-${tries}`)
    await page.getByRole('alert').waitFor()
  }
  await told(page, '输错次数太多')
  await second.page.reload()
  await press(second.page, '解除锁定')
  await told(second.page, '已经解除锁定')
  await cast.signIn(page, reviewer)
  await heading(page, `${reviewer.name}，您好`)
})

it('a forgotten password is replaced by letter', async () => {
  const { page } = third
  await cast.signOut(page, reviewer)
  await page.getByRole('link', { name: '忘记密码' }).click()
  // The page before has a field of that name too.
  await heading(page, '忘记密码')
  await fill(page, '邮箱', reviewer.email)
  await press(page, '发送链接')
  await told(page, '请查看邮箱')
  await page.goto(await cast.linkTo(reviewer, 'password-reset', system))
  reviewer.password = 'quiet-harbour-58-maple'
  await cast.newPassword(page, reviewer.password)
  await press(page, '保存新密码')
  await heading(page, '登录')
  await cast.signIn(page, reviewer)
  await heading(page, `${reviewer.name}，您好`)
  await cast.signOut(page, reviewer)
})

it('a unit looks after its own people, and sees no others', async () => {
  await go(second.page, '/staff')
  await press(second.page, '邀请人员')
  await second.page.getByLabel('邀请到').selectOption('partner')
  const units = second.page.getByLabel('成员单位', { exact: true })
  await units.locator('option').nth(1).waitFor({ state: 'attached' })
  const unit = await units.locator('option').nth(1).innerText()
  await press(second.page, '取消')
  await cast.invite(second.page, manager, ['单位管理员'], unit)
  const { page } = third
  await cast.accept(page, manager, system)
  await page.locator('[data-way="totp"]').or(page.getByRole('heading', { name: `${manager.name}，您好` })).first().waitFor()
  if (await page.locator('[data-way="totp"]').count()) await cast.enrolTotp(page, manager)
  await go(page, '/staff')
  await page.getByRole('link', { name: manager.name }).waitFor()
  expect(await page.getByRole('row').count()).toBe(2)
  expect(await wrongOn(page)).toEqual([])
})

it('nothing was asked of strangers, and no page complained', () => {
  for (const desk of [first, second, third]) expect([desk.strangers, desk.complaints]).toEqual([[], []])
})
