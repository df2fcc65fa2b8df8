/** A new version of the score model: written, tried on the city, approved by two others, waiting for its day. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, type System } from '../../../miniprogram/tests/browser/system'
import * as cast from './cast'
import { confirm, fill, heading, look, press, takeDesk, told, type Desk } from './desk'

const author = cast.colleague('郑书兰')
const second = cast.colleague('冯国栋')
const third = cast.colleague('蒋文静')
let system: System
let console_: string
let writing: Desk
let approving: Desk
const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

beforeAll(async () => {
  system = await startSystem()
  const link = await cast.setUpLink(system)
  console_ = link.split('#')[0]!
  writing = await takeDesk(console_)
  approving = await takeDesk(console_)
  const founder = cast.colleague('钱建国')
  const guard = cast.colleague('孙丽华')
  await cast.found(writing.page, founder, link)
  await go(writing.page, '/staff')
  await cast.invite(writing.page, guard, ['安全管理员'])
  await cast.signOut(writing.page, founder)
  await cast.comeIn(writing.page, guard, system)
  await go(writing.page, '/staff')
  await cast.invite(writing.page, author, ['评分管理员'])
  await cast.invite(writing.page, second, ['评分管理员'])
  await cast.invite(writing.page, third, ['审核员'])
  await cast.signOut(writing.page, guard)
  await cast.comeIn(writing.page, author, system)
  await cast.comeIn(approving.page, second, system)
})
afterAll(async () => {
  expect([...(writing?.complaints ?? []), ...(approving?.complaints ?? [])]).toEqual([])
  await Promise.all([writing, approving].map((desk) => desk?.close()))
  await system?.stop()
})

it('is begun from the newest version, and refused with its mistakes', async () => {
  const { page } = writing
  await go(page, '/score-model/versions')
  await heading(page, '规则版本')
  await look(page, 'score-versions-none')
  await press(page, '从最新规则起草')
  await heading(page, '起草新版本')
  await fill(page, '版本号', '2031-01')
  await fill(page, '施行日期', '2031-01-01')
  await page.getByLabel('无偿献血：分值', { exact: true }).fill('很多')
  await press(page, '保存')
  await told(page, '有错误，没有保存')
  await look(page, 'score-version-wrong')
  await page.getByLabel('无偿献血：分值', { exact: true }).fill('4.5')
  await page.getByLabel('基础分', { exact: true }).fill('58.0')
  await press(page, '保存')
  await heading(page, '2031-01')
  await told(page, '无偿献血 › 分值')
})

it('is tried on the city', async () => {
  const { page } = writing
  await press(page, '开始预演')
  await page.getByRole('heading', { name: '影响报告' }).waitFor({ timeout: 50_000 })
  await told(page, '按年龄')
  await look(page, 'score-version-report')
  const file = await page.request.get(new URL((await page.getByText('下载报告（PDF）').getAttribute('href')) ?? '', console_).href)
  const content = await file.body()
  expect(content.subarray(0, 5).toString()).toBe('%PDF-')
  if (process.env.PICTURES) writeFileSync(join(process.env.PICTURES, 'impact-report.pdf'), content)
})

it('is approved by two others, one after the other', async () => {
  const { page } = approving
  for (const [who, next] of [[second, third], [third, null]] as const) {
    await go(page, '/score-model/versions')
    await page.getByRole('link', { name: '2031-01' }).click()
    await press(page, '批准')
    await look(page, `score-version-approval-${next ? 1 : 2}`)
    await confirm(page, '批准')
    await told(page, next ? '还需 1 人批准' : '已批准，待施行')
    if (!next) break
    await cast.signOut(page, who)
    await cast.comeIn(page, next, system)
  }
  await look(page, 'score-version-approved')
})

it('is called off before its day', async () => {
  const { page } = approving
  await press(page, '撤销')
  await fill(page, '撤销理由', '省里要求重新征求意见')
  await look(page, 'score-version-cancelling')
  await confirm(page, '撤销')
  await told(page, '已撤销')
  await told(page, '省里要求重新征求意见')
  await look(page, 'score-version-cancelled')
})

it('the runs over the city and the months are shown', async () => {
  const { page } = writing
  await go(page, '/score-runs')
  await heading(page, '评分运行')
  await press(page, '启动全市评分')
  await confirm(page, '启动全市评分')
  await told(page, '已启动')
  await look(page, 'score-runs')
  await go(page, '/score-fairness')
  await heading(page, '公平性')
  await look(page, 'score-fairness')
})
