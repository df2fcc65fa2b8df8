/** A unit's editor takes incentives along as a sheet, mends it in between, and hands it in again. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, press, takeDesk, told, wrongOn, type Desk } from './desk'

const PROJECT = resolve(import.meta.dirname, '../../..')
const ownPython = join(PROJECT, '.venv/bin/python')
const python = process.env.PYTHON ?? (existsSync(ownPython) ? ownPython : 'python3')
const founder = cast.colleague('钱建国')
const guard = cast.colleague('孙丽华')
const editor = cast.colleague('何秀兰')
const TITLE = '表格导入的借阅加倍'
let system: System
let console_: string
let unit: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

/** Works on a sheet as its owner would: `edit` is Python over the lines of the sheet, the heading first. */
function edited(file: string, edit: string): string {
  const code = `
import sys
from openpyxl import load_workbook
book = load_workbook(sys.argv[1])
page = book['激励项目']
titles = [cell.value for cell in page[1]]
at = lambda title: titles.index(title) + 1
${edit}
book.save(sys.argv[2])
`
  const changed = file.replace(/\.xlsx$/, '-edited.xlsx')
  execFileSync(python, ['-c', code, file, changed])
  return changed
}

/** What a link gives when it is pressed, in a file. */
async function download(page: Page, name: string, file: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()])
  const path = join(system.folder, file)
  await download.saveAs(path)
  return path
}

async function handIn(page: Page, file: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file)
  await page.waitForURL(/incentive-sheets\/[0-9a-f-]{36}/)
}

beforeAll(async () => {
  system = await startSystem()
  const link = await cast.setUpLink(system)
  console_ = link.split('#')[0]!
  unit = await takeDesk(console_)
  const { page } = unit
  await page.goto(link)
  await fill(page, '姓名', founder.name)
  await fill(page, '邮箱', founder.email)
  await cast.newPassword(page, founder.password)
  await press(page, '建立账号')
  await cast.enrolTotp(page, founder)
  await heading(page, `${founder.name}，您好`)
  await go(page, '/staff')
  await cast.invite(page, guard, ['安全管理员'])
  await cast.signOut(page, founder)
  await cast.accept(page, guard, system)
  await page.locator('[data-way="totp"]').waitFor()
  await cast.enrolTotp(page, guard)
  await heading(page, `${guard.name}，您好`)
  await go(page, '/staff')
  await press(page, '邀请人员')
  await page.getByLabel('邀请到').selectOption('partner')
  const units = page.getByLabel('成员单位', { exact: true })
  await units.locator('option').nth(1).waitFor({ state: 'attached' })
  const name = await units.locator('option').nth(1).innerText()
  await press(page, '取消')
  await cast.invite(page, editor, ['单位经办员'], name)
  await cast.signOut(page, guard)
  await cast.accept(page, editor, system)
  await heading(page, `${editor.name}，您好`)
})
afterAll(async () => {
  await unit?.close()
  await system?.stop()
})

let file = ''

it('a list is taken along as a sheet, with why', async () => {
  const { page } = unit
  await go(page, '/incentives')
  await press(page, '导出表格')
  await fill(page, '目的', '改下一季的项目')
  await confirm(page, '开始导出')
  await told(page, '文件已经做好')
  file = await download(page, '下载文件', 'incentives.xlsx')
  await confirm(page, '关闭')
})

it('put in again as it is, it changes nothing', async () => {
  const { page } = unit
  await press(page, '导入表格')
  await heading(page, '用表格批量导入')
  expect(await wrongOn(page)).toEqual([])
  await handIn(page, file)
  await told(page, '不用导入')
  expect(await page.getByText(/要改的格（/).count()).toBe(0)
  await press(page, '这次不导入')
  await told(page, '已取消')
})

it('a changed sheet shows what it would do, and names each bad cell', async () => {
  const { page } = unit
  const changed = edited(
    file,
    `
page.cell(2, at('联系方式')).value = '0714-6350000'
new = [None] * len(titles)
for title, value in {'形式': '券', '名称': '${TITLE}', '一句话介绍': '多借十本', '类别': page.cell(2, at('类别')).value,
    '优惠方式': '增额或延期', '优惠内容': '可借二十本', '使用说明': '本人使用', '需要的信用分': '６０', '适用门店': '全部门店',
    '开始日期': '2020-01-01', '结束日期': '2099-12-31', '每人次数': 1, '次数按什么算': '总共', '领取后多少天内有效': 30,
    '总名额': '很多', '费用由谁承担': '成员单位'}.items():
    new[titles.index(title)] = value
page.append(new)
`,
  )
  await go(page, '/incentive-sheets')
  await handIn(page, changed)
  await told(page, '应填一个整数')
  await page.getByRole('cell', { name: '很多' }).waitFor()
  await told(page, '要改的格（1）')
  expect(await wrongOn(page)).toEqual([])
  file = await download(page, '下载有问题的行', 'to-mend.xlsx')
  await press(page, '导入这 1 行')
  expect(await wrongOn(page)).toEqual([])
  await confirm(page, '导入')
  await told(page, '好的行已经成为草稿')
})

it('the bad row, mended, becomes a draft that is handed in', async () => {
  const { page } = unit
  const mended = edited(file, `page.cell(2, at('总名额')).value = 50`)
  await go(page, '/incentive-sheets')
  await told(page, '已导入')
  await handIn(page, mended)
  await press(page, '导入这 1 行')
  await page.locator('dialog[open]').getByText('导入后一起提交审核').click()
  await confirm(page, '导入')
  await told(page, '好的行已经成为草稿')
  await page.getByRole('link', { name: '看草稿' }).click()
  await page.getByRole('link', { name: TITLE }).waitFor()
  await page.getByRole('cell', { name: '待审核' }).first().waitFor()
  expect(await wrongOn(page)).toEqual([])
})

it('and is taken back, as nobody has touched it', async () => {
  const { page } = unit
  await page.goBack()
  await told(page, '撤销这次导入')
  await press(page, '撤销这次导入')
  await confirm(page, '撤销这次导入')
  await told(page, '没有人动过的草稿已经删除')
  await go(page, '/incentive-drafts')
  await page.getByRole('table').waitFor()
  expect(await page.getByRole('link', { name: TITLE }).count()).toBe(0)
})

it('what is no sheet is refused with what to do', async () => {
  const { page } = unit
  const picture = join(system.folder, 'picture.xlsx')
  writeFileSync(picture, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]))
  await go(page, '/incentive-sheets')
  await handIn(page, picture)
  await told(page, '这不是表格文件')
  expect(await wrongOn(page)).toEqual([])
})

it('nothing was asked of strangers, and no page complained', () => {
  expect([unit.strangers, unit.complaints]).toEqual([[], []])
})
