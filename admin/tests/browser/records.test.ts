/** The office hands a department's file in: good rows are taken, bad ones named and mended; a secret is shown once. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, heading, look, press, takeDesk, told, type Desk } from './desk'

const TITLES = '身份证号,指标,发生日期,数量,截止日期,记录编号'
const GOOD = '420204198809069020'
const yesterday = new Date(Date.now() - 36 * 3_600_000).toISOString().slice(0, 10)
const row = (cells: Partial<Record<'id' | 'indicator' | 'day' | 'quantity' | 'key', string>>) =>
  [cells.id ?? GOOD, cells.indicator ?? '无偿献血', cells.day ?? yesterday, cells.quantity ?? '1', '', cells.key ?? ''].join(',')
const FILE = [
  TITLES,
  row({ key: 'X-1' }),
  row({ key: 'X-2', quantity: '两' }),
  row({ id: '420204880906902', indicator: '步行上班', day: '去年夏天', quantity: '0' }),
].join('\n')
const keeper = cast.colleague('周卫东')
let system: System
let console_: string
let office: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)
const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

beforeAll(async () => {
  system = await startSystem()
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  office = await takeDesk(console_)
  await cast.openOffice(office.page, system, keeper, ['评分管理员'])
})
afterAll(async () => {
  expect(office?.complaints ?? []).toEqual([])
  await office?.close()
  await system?.stop()
})

it('the page of sources shows who has never delivered', async () => {
  const { page } = office
  await go(page, '/sources')
  await heading(page, '数据源单位')
  await page.getByText('还没有报送过').first().waitFor()
  await look(page, 'sources')
  await page.getByRole('link', { name: '市血站' }).click()
  await heading(page, '市血站')
  await look(page, 'source')
})

it('a secret is shown once', async () => {
  const { page } = office
  await press(page, '登记新程序')
  await page.getByText('请现在抄下密钥').waitFor()
  await look(page, 'source-secret')
  const secret = await page.locator('dialog[open] dd').nth(1).innerText()
  await press(page, '已经抄好')
  await page.getByText('在用').waitFor()
  expect(await page.content()).not.toContain(secret)
})

it('a file is taken row by row, and every bad cell named', async () => {
  const { page } = office
  await page.setInputFiles('input[type=file]', csv('血站十月.csv', FILE))
  await heading(page, /^市血站 20/)
  await page.getByText('已收完').first().waitFor()
  await page.getByText('“步行上班”不在现行的指标目录里。').waitFor()
  await page.getByText('这是 15 位旧身份证号，请核实后改填 18 位号码。').waitFor()
  expect(await page.content()).not.toContain(GOOD)
  await look(page, 'batch')
})

it('a row is mended on the page', async () => {
  const { page } = office
  await page.getByRole('button', { name: '改正第 3 行' }).click()
  await look(page, 'mend')
  await page.locator('dialog[open] input[name=quantity]').fill('2')
  await press(page, '改好并收下')
  await told(page, '这一行已经收下。')
  await page.getByText('退回的行（1）').waitFor()
})

it('a batch is taken back whole', async () => {
  const { page } = office
  await press(page, '撤回整个批次')
  await look(page, 'batch-withdraw')
  await confirm(page, '撤回整个批次')
  await page.getByText('已撤回').first().waitFor()
  await go(page, '/batches')
  await page.getByRole('link', { name: '市血站' }).first().waitFor()
  await look(page, 'batches')
})
