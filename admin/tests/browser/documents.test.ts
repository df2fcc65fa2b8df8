/** Documents of a unit: uploaded, refused, looked at by the office, asked for again. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, press, takeDesk, told, wrongOn, type Desk } from './desk'

const reviewer = cast.colleague('何秀兰')
const applicant = cast.colleague('郑海燕')
const UNIT = '黄石市磁湖电动自行车租赁有限公司'
const LICENCE = '营业执照'
const PHOTOS = '经营场所照片'
let system: System
let console_: string
let office: Desk
let outside: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const upload = (page: Page, what: string, file: { name: string; mimeType: string; buffer: Buffer }) =>
  page.getByLabel(`上传${what}`).setInputFiles(file)

async function findUnit(page: Page): Promise<void> {
  await go(page, '/units')
  await fill(page, '单位名称或信用代码', UNIT)
  await press(page, '查找')
  await page.getByRole('link', { name: UNIT }).waitFor()
}

/** With PICTURES, a folder, each page is kept to be looked at, as wide as desks are. */
async function look(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  expect(await wrongOn(page)).toEqual([])
  if (!process.env.PICTURES) return
  mkdirSync(process.env.PICTURES, { recursive: true })
  const isWhole = (await page.locator('dialog[open]').count()) === 0
  for (const width of [1280, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await page.screenshot({ path: join(process.env.PICTURES, `${name}.${width}.png`), fullPage: isWhole })
  }
}

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
  await cast.openOffice(office.page, system, reviewer, ['审核员', '项目经理'])
})

it('an applicant is told what is wrong with a file, and sees what was kept', async () => {
  const { page } = outside
  await go(page, '/apply')
  await fill(page, '您的姓名', applicant.name)
  await fill(page, '邮箱', applicant.email)
  await press(page, '发送链接')
  await told(page, '请查收邮件')
  await page.goto(await cast.linkTo(applicant, 'application', system))
  await fill(page, '单位全称', UNIT)
  await fill(page, '统一社会信用代码', '91420200MA4KTEST0X')
  await press(page, '提交申请')
  await told(page, '请上传这一项材料')
  await fill(page, '代码校验不通过时，说明原因（可不填）', '老登记证，尚未换发')
  await page.getByLabel('类别').selectOption('transport')
  await fill(page, '办公地址', '陈家湾大道 8 号')
  await fill(page, '主要业务', '电动自行车租赁')
  await fill(page, '打算提供的优惠', '免押金，每月 50 名')
  await fill(page, '联系电话', '0714-6543210')
  await press(page, '先保存')
  await told(page, '已经保存')
  await upload(page, LICENCE, { name: '执照.gif', mimeType: 'image/gif', buffer: Buffer.from('GIF89a') })
  await told(page, '“执照.gif”没有上传：只能上传 JPG、PNG 图片或 PDF 文件')
  await look(page, 'documents-refused')
  await upload(page, LICENCE, await cast.picture(page, '执照.png'))
  await told(page, '营业执照已经上传')
  await upload(page, LICENCE, { name: '副本.pdf', mimeType: 'application/pdf', buffer: cast.pdf() })
  await page.getByRole('button', { name: '查看营业执照（2）' }).waitFor()
  expect(await page.getByLabel('单位全称').inputValue()).toBe(UNIT)
  await look(page, 'documents-uploaded')
  await press(page, '查看营业执照（1）')
  const shown = page.locator('dialog[open] img')
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100)
  await look(page, 'document-picture')
  await press(page, '关闭')
  await press(page, '查看营业执照（2）')
  await look(page, 'document-pdf')
  const tab = outside.context.waitForEvent('page')
  await page.getByRole('link', { name: '在新标签页打开' }).click()
  const opened = await tab
  expect(opened.url()).toMatch(/^blob:/)
  if (process.env.PICTURES) await opened.waitForTimeout(1500).then(() => opened.screenshot({ path: join(process.env.PICTURES!, 'tab.png') }))
  await opened.close()
  await press(page, '关闭')
  await press(page, '删除营业执照（2）')
  await told(page, '已经删除')
  await press(page, '提交申请')
  await told(page, '申请已经提交')
})

it('the reviewer looks at it, and asks for a better one', async () => {
  const { page } = office
  await go(page, '/unit-applications')
  await page.getByRole('link', { name: UNIT }).click()
  await told(page, '每次查看都会记录')
  await look(page, 'documents-review')
  await press(page, '查看营业执照')
  await page.locator('dialog[open] img').waitFor()
  await look(page, 'documents-review-picture')
  await press(page, '关闭')
  await fill(page, `${LICENCE}（可不填）`, '照片反光，看不清，请重拍')
  await press(page, '退回给申请人')
  await confirm(page, '退回给申请人')
  await told(page, '申请已经退回')
  await told(page, '营业执照：照片反光')

  const guest = outside.page
  await cast.openNewestLink(guest, applicant, 'application', system, '信用办退回了申请')
  await told(guest, '照片反光，看不清，请重拍')
  await look(guest, 'documents-returned')
  await press(guest, '删除营业执照')
  await told(guest, '已经删除')
  await upload(guest, LICENCE, await cast.picture(guest, '新照片.png'))
  await told(guest, '营业执照已经上传')
  await press(guest, '提交申请')
  await told(guest, '申请已经提交')
})

it('the unit hands in what is due later, and is asked once more', async () => {
  const { page } = office
  await page.reload()
  await fill(page, '为什么接受这个代码', '已电话核实')
  await press(page, '通过申请')
  await confirm(page, '通过申请')
  await told(page, '申请已经通过')

  const unit = outside.page
  await cast.accept(unit, applicant, system)
  await told(unit, `${applicant.name}，您好`)
  await go(unit, '/unit')
  await told(unit, PHOTOS)
  await look(unit, 'duty-open')
  await upload(unit, PHOTOS, { name: '门头.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await told(unit, '“门头.png”没有上传')
  await upload(unit, PHOTOS, await cast.picture(unit, '门头.png'))
  await unit.getByRole('button', { name: `删除${PHOTOS}` }).waitFor()
  await look(unit, 'duty-uploaded')
  await press(unit, '提交给信用办')
  await told(unit, `${PHOTOS}已经提交`)
  await unit.getByRole('button', { name: `查看${PHOTOS}` }).waitFor()
  await look(unit, 'duty-handed-in')

  await findUnit(page)
  await page.getByRole('link', { name: UNIT }).click()
  await press(page, `查看${PHOTOS}`)
  await page.locator('dialog[open] img').waitFor()
  await press(page, '关闭')
  await press(page, `要求重新提交：${PHOTOS}`)
  await fill(page, '原因', '看不清门头上的字')
  await look(page, 'duty-again')
  await confirm(page, '要求重新提交')
  await told(page, '已经要求单位重新提交')
  await look(page, 'unit-duties')
  await unit.reload()
  await told(unit, '看不清门头上的字')
  await look(unit, 'duty-asked-again')
})

it('what is overdue is shown to the unit and listed for the office', async () => {
  const late = async (desk: Desk, path: string) =>
    desk.context.route(path, async (route) => {
      const answer = await route.fetch()
      const unit = (await answer.json()) as { duties?: { state: string; due_on: string }[]; items?: { name: string; overdue: string[] }[] }
      for (const duty of unit.duties ?? []) Object.assign(duty, { state: 'overdue', due_on: '2026-10-01' })
      for (const row of unit.items ?? []) if (row.name === UNIT) row.overdue = [PHOTOS, '年审']
      await route.fulfill({ response: answer, json: unit })
    })
  await late(outside, '**/partner/unit')
  await outside.page.reload()
  await told(outside.page, '已逾期')
  await look(outside.page, 'duty-overdue')
  await late(office, '**/office/units/*')
  await office.page.reload()
  await told(office.page, '逾期不会自动停用')
  await look(office.page, 'unit-overdue')
  await late(office, '**/office/units?*')
  await findUnit(office.page)
  await look(office.page, 'units-overdue')
  await office.page.getByLabel('逾期').selectOption('documents')
  await office.context.unroute('**/office/units?*')
  await office.page.getByLabel('逾期').selectOption('recheck')
  await told(office.page, '没有符合条件的内容')
})

/** The clock of a running system cannot be moved: what it answers is dressed as a year later. */
async function dressed(desk: Desk, path: string, dress: (answer: Record<string, unknown>) => void): Promise<void> {
  await desk.context.route(path, async (route) => {
    if (route.request().method() !== 'GET') return route.fallback()
    const answer = await route.fetch()
    const shown = (await answer.json()) as Record<string, unknown>
    dress(shown)
    await route.fulfill({ response: answer, json: shown })
  })
}

it('a year later the unit confirms how it is, and the office sees what has changed', async () => {
  const { page } = outside
  const year = { what: 'recheck', name: '年审', help: '', state: 'open', due_on: '2027-11-29', reason: null, handed_in_at: null, documents: [] }
  const duty = { id: '00000000-0000-4000-8000-000000000000', ...year }
  await outside.context.unroute('**/partner/unit')
  await dressed(outside, '**/partner/unit', (unit) => (unit.duties as unknown[]).push(duty))
  await dressed(outside, '**/partner/unit/recheck', (recheck) => (recheck.duty = duty))
  await page.reload()
  await page.getByRole('link', { name: '办理年审' }).click()
  await page.getByRole('heading', { name: '年审', level: 1 }).waitFor()
  expect(await page.getByLabel('单位全称').inputValue()).toBe(UNIT)
  await look(page, 'recheck')
  await fill(page, '过去一年的兑现情况', '兑现 620 次')
  await fill(page, '签署人姓名', '秦岚')
  await fill(page, '签署人职务', '总经理')
  await fill(page, '您的登录密码', applicant.password)
  await page.getByText('我已读完全文').click()
  await press(page, '确认并提交')
  await told(page, '现在不用办理年审')
  await look(page, 'recheck-refused')

  await office.context.unroute('**/office/units/*')
  const changed = { unit_name: `${UNIT}（新名）`, category: 'transport', contact: '郑海燕', phone: '0714-1112222' }
  const waiting = {
    ...{ id: duty.id, state: 'submitted', ...changed, answers: { kept: '兑现 620 次，没有不认的。' } },
    ...{ changed: ['unit_name', 'phone'], reasons: {}, submitted_at: '2027-11-20T02:00:00Z', decided_at: null },
  }
  await dressed(office, '**/office/units/*', (unit) => (unit.rechecks = [waiting]))
  await findUnit(office.page)
  await office.page.getByRole('link', { name: UNIT }).click()
  // What was read a moment ago still counts.
  await office.page.reload()
  await told(office.page, '年审有变化，等待审核')
  await told(office.page, `${UNIT}（新名）`)
  await look(office.page, 'recheck-review')
})
