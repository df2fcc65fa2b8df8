/** Pictures of coming in, of the accounts and of what goes wrong. */
import { afterAll, beforeAll, it } from 'vitest'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import { picture } from './camera'
import * as cast from './cast'
import { fill, press, takeDesk, type Desk } from './desk'

const LONG_UNIT = '黄石市西塞山区八泉街道陈家湾社区新时代文明实践志愿服务联合会'
const founder = cast.colleague('钱建国')
const guard = cast.colleague('阿不都热合曼·买买提江·艾则孜', 'a-very-long-mailbox-name.of-somebody@huangshi-credit-office.example')
let system: System
let console_: string
let desk: Desk
let other: Desk

const shot = (name: string, { page } = desk) => picture(page, name)
const go = (path: string, { page } = desk) => page.goto(`${console_}#${path}`)
const heading = (name: string, { page } = desk) => page.getByRole('heading', { name, level: 1 }).waitFor()

/** A city with many people, some of them with long names, some locked or suspended. */
function many(answer: { items: Record<string, unknown>[] }) {
  const states = ['active', 'active', 'active', 'locked', 'suspended']
  const items = Array.from({ length: 60 }, (_, place) => ({
    ...answer.items[place % answer.items.length],
    id: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    state: states[place % states.length],
    ...(place % 4 === 3 ? { kind: 'partner', unit: { id: '', name: LONG_UNIT }, roles: ['unit_manager', 'unit_editor'] } : {}),
    last_signed_in_at: place % 6 ? new Date(Date.now() - place * 5e6).toISOString() : null,
  }))
  return { items, next_cursor: 'next' }
}

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  desk = await takeDesk(console_)
  other = await takeDesk(console_)
})
afterAll(async () => {
  await Promise.all([desk, other].map((each) => each?.close()))
  await system?.stop()
})

it('coming in', async () => {
  const { page } = desk
  await go('/')
  await page.getByText('还没有任何账号').waitFor()
  await shot('sign-in-nobody')
  await go('/set-up')
  await shot('set-up-without-link')
  await page.goto(await cast.setUpLink(system))
  await fill(page, '姓名', founder.name)
  await fill(page, '邮箱', 'nobody')
  await cast.newPassword(page, 'short1')
  await press(page, '建立账号')
  await page.getByRole('alert').first().waitFor()
  await shot('set-up-wrong')
  await fill(page, '邮箱', founder.email)
  await cast.newPassword(page, founder.password)
  await press(page, '建立账号')
  await heading('设置第二道验证')
  await shot('enrol')
  await page.locator('[data-way="totp"]').click()
  await page.locator('.totp-picture').waitFor()
  await shot('enrol-totp')
  await go('/sign-in')
  await cast.typePassword(page, founder)
  await cast.enrolTotp(page, founder)
  await heading(`${founder.name}，您好`)
  await shot('home')
})

it('a guest', async () => {
  const { page } = other
  await go('/staff', other)
  await heading('登录', other)
  await shot('sign-in', other)
  await cast.typePassword(page, founder, 'wrong')
  await page.getByRole('alert').waitFor()
  await shot('sign-in-wrong', other)
  await cast.typePassword(page, founder)
  await heading('再确认一次是您本人', other)
  await shot('second-factor', other)
  await go('/forgot-password', other)
  await shot('forgot-password', other)
  await go('/password-reset?token=something', other)
  await shot('password-reset', other)
})

it('the staff', async () => {
  const { page } = desk
  await go('/staff')
  await shot('staff-one')
  await press(page, '邀请人员')
  await shot('invite')
  await page.getByLabel('邀请到').selectOption('partner')
  await shot('invite-unit')
  // What was typed stays when the window is closed.
  await page.getByLabel('邀请到').selectOption('office')
  await press(page, '取消')
  await cast.invite(page, guard, ['安全管理员'])
  await shot('staff-invited')
  await press(page, '撤回')
  await shot('invitation-withdraw')
  await press(page, '取消')
  await other.page.goto(await cast.linkTo(guard, 'invitation', system))
  await fill(other.page, '新密码', guard.password)
  await shot('invitation', other)
  await fill(other.page, '再输入一次', guard.password)
  await press(other.page, '接受邀请')
  await cast.enrolTotp(other.page, guard)
  await heading(`${guard.name}，您好`, other)
  await go('/roles', other)
  await shot('roles', other)
  await go('/staff', other)
  await shot('staff', other)
  await other.page.getByRole('link', { name: founder.name }).click()
  await heading(founder.name, other)
  await shot('member', other)
  await press(other.page, '停用账号')
  await shot('suspend', other)
  await press(other.page, '取消')
  await other.context.route('**/office/staff?*', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: many(await answer.json()) })
  })
  await go('/staff?state=active', other)
  await shot('staff-many', other)
  await other.context.unroute('**/office/staff?*')
  await other.context.route('**/office/staff?*', (route) => route.fulfill({ status: 503, json: { code: 'database.unavailable' } }))
  await go('/staff?state=locked', other)
  await other.page.reload()
  await other.page.getByText('没有取到内容').waitFor()
  await shot('staff-error', other)
})

it('a unit that wants to join', async () => {
  await go('/apply', other)
  await heading('申请成为黄石市成员单位', other)
  await shot('apply', other)
  await go('/application', other)
  await shot('application-without-link', other)
})

it('one’s own account, and what goes wrong', async () => {
  const { page } = desk
  await go('/account')
  await shot('account')
  await press(page, '换一批新的')
  await shot('recovery-codes-ask')
  await page.locator('dialog[open]').getByRole('button', { name: '换一批新的' }).click()
  await page.locator('.codes-list').waitFor()
  await shot('recovery-codes')
  await cast.keepCodes(page, founder)
  await go('/nowhere')
  await shot('missing')
  await page.keyboard.press('?')
  await shot('keys')
  await page.keyboard.press('Escape')
  await page.clock.install()
  await go('/account')
  await page.reload()
  await page.getByText('登录中的设备').waitFor()
  await page.clock.fastForward('13:30')
  await page.getByText('快要自动退出了').waitFor()
  await shot('session-soon')
  await page.context().clearCookies()
  await press(page, '继续工作')
  await page.getByText('请再登录一次').waitFor()
  await shot('session-over')
})
