/** A unit becomes a member: it applies, is returned and approved, signs, and anybody checks what it signed. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, look, pluginPasskeys, press, takeDesk, told, type Desk } from './desk'

const reviewer = cast.colleague('何秀兰')
const applicant = cast.colleague('阿不都热合曼·买买提江')
const UNIT = '黄石市西塞山区八泉街道陈家湾社区新时代便民汽车租赁服务有限责任公司'
const CODE = '91420200MA4KTEST0X'
let system: System
let console_: string
let office: Desk
let outside: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  office = await takeDesk(console_)
  outside = await takeDesk(console_)
})
afterAll(async () => {
  expect([...(office?.strangers ?? []), ...(outside?.strangers ?? [])]).toEqual([])
  expect([...(office?.complaints ?? []), ...(outside?.complaints ?? [])]).toEqual([])
  await Promise.all([office, outside].map((desk) => desk?.close()))
  await system?.stop()
})

it('the office has a reviewer', async () => {
  const { page } = office
  await cast.openOffice(page, system, reviewer, ['审核员', '项目经理'])
  await go(page, '/unit-applications')
  await told(page, '还没有申请')
  await look(page, 'applications-none')
})

it('somebody applies by the short address and a link from a letter', async () => {
  const { page } = outside
  await page.goto(new URL('/apply', console_).href)
  await heading(page, '申请成为黄石市成员单位')
  await told(page, '打算提供的优惠')
  await look(page, 'apply')
  await fill(page, '您的姓名', applicant.name)
  await fill(page, '邮箱', applicant.email)
  await press(page, '发送链接')
  await told(page, '请查收邮件')
  await page.goto(await cast.linkTo(applicant, 'application', system))
  await heading(page, '成员单位申请')
  expect(page.url()).not.toContain('token')
  await fill(page, '单位全称', UNIT)
  await fill(page, '统一社会信用代码', CODE)
  await press(page, '提交申请')
  await told(page, '请填写这一项')
  await look(page, 'application-incomplete')
  await fill(page, '代码校验不通过时，说明原因（可不填）', '老登记证，尚未换发')
  await page.getByLabel('类别').selectOption('transport')
  await page.getByLabel('所在区县').selectOption('420203')
  await fill(page, '办公地址', '陈家湾大道 8 号')
  await fill(page, '主要业务', '汽车租赁')
  await fill(page, '打算提供的优惠', '免押金')
  await fill(page, '联系电话', '0714-6543210')
  await page.getByLabel('上传营业执照').setInputFiles(await cast.picture(page, '执照.png'))
  await told(page, '营业执照已经上传')
  await press(page, '先保存')
  await told(page, '已经保存')
  await press(page, '提交申请')
  await told(page, '申请已经提交')
})

it('the reviewer returns it with a reason, and approves what comes back', async () => {
  const { page } = office
  await page.reload()
  await page.getByRole('link', { name: UNIT }).waitFor()
  await look(page, 'applications')
  await page.getByRole('link', { name: UNIT }).click()
  await told(page, '代码校验不通过')
  await look(page, 'application-review')
  await fill(page, '打算提供的优惠（可不填）', '请写明每月名额')
  await press(page, '退回给申请人')
  await confirm(page, '退回给申请人')
  await told(page, '申请已经退回')

  const guest = outside.page
  await cast.openNewestLink(guest, applicant, 'application', system, '信用办退回了申请')
  await told(guest, '请写明每月名额')
  await look(guest, 'application-returned')
  await fill(guest, '打算提供的优惠', '免押金，每月 50 名')
  await press(guest, '提交申请')
  await told(guest, '申请已经提交')

  await page.reload()
  await told(page, '第 2 次提交')
  await fill(page, '为什么接受这个代码', '已电话向登记机关核实')
  await press(page, '通过申请')
  await confirm(page, '通过申请')
  await told(page, '申请已经通过')
  await look(page, 'application-approved')
})

it('the office suspends a unit and lifts it again', async () => {
  const { page } = office
  const unit = '示例·磁湖成人夜校'
  await go(page, '/units')
  await page.getByRole('link', { name: '市图书馆' }).waitFor()
  await look(page, 'units')
  await fill(page, '单位名称或信用代码', '夜校')
  await press(page, '查找')
  await page.getByRole('link', { name: unit }).click()
  await heading(page, unit)
  await press(page, '暂停')
  await fill(page, '原因', '正在核查')
  await look(page, 'unit-suspend')
  await confirm(page, '暂停')
  await told(page, '单位已经暂停')
  await told(page, '正在核查')
  await look(page, 'unit-suspended')
  await press(page, '恢复')
  await confirm(page, '恢复')
  await told(page, '单位已经恢复')
})

it('the unit signs with a passkey, and a stranger checks the seal', async () => {
  const { page } = outside
  await cast.accept(page, applicant, system)
  await heading(page, `${applicant.name}，您好`)
  await pluginPasskeys(outside)
  await go(page, '/account')
  await press(page, '添加通行密钥')
  await fill(page, '给它起个名字', '办公室电脑')
  await press(page, '添加通行密钥')
  await cast.keepCodes(page, applicant)
  await go(page, '/unit')
  await heading(page, UNIT)
  await told(page, '用通行密钥验证')
  await look(page, 'unit-to-sign')
  await fill(page, '签署人姓名', '秦岚')
  await fill(page, '签署人职务', '总经理')
  await fill(page, '您的登录密码', 'wrong-password-1')
  await page.getByText('我已读完全文').click()
  await press(page, '签署')
  await told(page, '当前密码不正确')
  await fill(page, '您的登录密码', applicant.password)
  await press(page, '签署')
  await page.getByRole('link', { name: '查看公开的承诺' }).waitFor()
  await look(page, 'unit-signed')
  const address = await page.getByRole('link', { name: '查看公开的承诺' }).evaluate((link: HTMLAnchorElement) => link.href)

  await office.context.clearCookies()
  await office.page.goto(address)
  await told(office.page, '印章真实')
  await told(office.page, UNIT)
  await look(office.page, 'commitment')
  await office.context.route('**/public/commitments/*', async (route) => {
    const answer = await route.fetch()
    const commitment = (await answer.json()) as { text: string }
    await route.fulfill({ response: answer, json: { ...commitment, text: commitment.text.replace('说真话', '说好话') } })
  })
  await office.page.reload()
  await told(office.page, '内容和签署时不一样')
  await look(office.page, 'commitment-forged')
})
