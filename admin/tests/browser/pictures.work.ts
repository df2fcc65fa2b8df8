/** Pictures of the work: 5 000 incentives, 800 units, long names, vouchers and redemptions. */
import { afterAll, beforeAll, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startSystem, work, type System } from '../../../miniprogram/tests/browser/system'
import { picture } from './camera'
import * as cast from './cast'
import { fill, press, takeDesk, type Desk } from './desk'
import { becomeResident, claimVoucher } from './resident'

const FILLING_MS = 300_000
const officer = cast.colleague('阿不都热合曼·买买提江·艾则孜')
const auditor = cast.colleague('周敏')
const manager = cast.colleague('欧阳雪梅')
const everyRole = ['项目经理', '审核员', '评分管理员', '案件办理员']
let system: System
let console_: string
let office: Desk
let unit: Desk
let person: System['people'][number]

const go = (page: Page, path: string) => page.goto(`${console_}#${path}`)

/** Opens a page and takes its picture once it has what it shows. */
async function shot(page: Page, path: string, name: string): Promise<void> {
  await go(page, path)
  await page.locator('h1').first().waitFor()
  await picture(page, name)
}

/** The first line of the list that is open. */
async function openFirst(page: Page, name: string): Promise<void> {
  const first = page.locator('tbody a').first()
  const title = await first.innerText()
  await first.click()
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await picture(page, name)
}

beforeAll(async () => {
  system = await startSystem()
  person = system.people.find(({ user }) => user === 'li-guihua')!
  await claimVoucher(system, await becomeResident(system, person.user))
  console_ = (await cast.setUpLink(system)).split('#')[0]!
  office = await takeDesk(console_)
  unit = await takeDesk(console_)
  const guard = cast.colleague('孙丽华')
  const founder = cast.colleague('钱建国')
  await cast.found(office.page, founder, await cast.setUpLink(system))
  await go(office.page, '/staff')
  await cast.invite(office.page, guard, ['安全管理员'])
  await cast.signOut(office.page, founder)
  await cast.comeIn(office.page, guard, system)
  await go(office.page, '/staff')
  await cast.invite(office.page, officer, everyRole)
  await cast.invite(office.page, auditor, ['审计管理员'])
  await cast.invite(office.page, manager, ['单位管理员', '单位经办员'], await cast.someUnit(office.page))
  await cast.signOut(office.page, guard)
  await cast.comeIn(office.page, officer, system)
  await cast.comeIn(unit.page, manager, system)
  const filled = await work(['-m', 'scripts.demonstration.long_lists', '--data-dir', system.folder])
  if (!filled.includes('已加入')) throw new Error(filled)
}, FILLING_MS)
afterAll(async () => {
  await Promise.all([office, unit].map((desk) => desk?.close()))
  await system?.stop()
})

it('the office: home and figures', async () => {
  const { page } = office
  await shot(page, '/', 'office-home')
  await shot(page, '/figures', 'figures')
})

it('the office: units and applications', async () => {
  const { page } = office
  await shot(page, '/units', 'units')
  await openFirst(page, 'unit')
  await shot(page, '/units?q=没有这个单位', 'units-none')
  await shot(page, '/unit-applications', 'unit-applications')
  await openFirst(page, 'unit-application')
})

it('the office: incentives, shops and reports', async () => {
  const { page } = office
  await shot(page, '/incentives', 'incentives')
  await go(page, '/incentives?q=早面立减三元')
  // Until what was asked for is there, the list before stays.
  await page.locator('tbody tr').filter({ hasText: '早面立减三元' }).first().waitFor()
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' })
  await openFirst(page, 'incentive')
  await shot(page, '/incentive-drafts', 'incentive-drafts')
  await openFirst(page, 'incentive-draft-review')
  await shot(page, '/incentive-sheets', 'incentive-sheets')
  await shot(page, '/shops', 'shops')
  await openFirst(page, 'shop')
  await shot(page, '/reports', 'reports')
})

it('the office: vouchers, saved views, exports', async () => {
  const { page } = office
  await shot(page, '/vouchers', 'vouchers')
  await press(page, '常用筛选')
  await picture(page, 'saved-views')
  await press(page, '关闭')
  await press(page, '导出')
  await picture(page, 'export')
  await press(page, '取消')
  await shot(page, '/redemptions', 'redemptions')
})

it('the office: a resident, the score model, sources, settings', async () => {
  const { page } = office
  await shot(page, '/residents', 'residents')
  await fill(page, '事项编号', '黄信异〔2026〕12号')
  await fill(page, '身份证号', person.id_number)
  await press(page, '查询')
  await page.getByText('查询结果').waitFor()
  await picture(page, 'resident')
  await shot(page, '/score-model', 'score-model')
  await shot(page, '/score-model/versions', 'score-model-versions')
  await shot(page, '/score-model/versions/new', 'score-model-version-new')
  await shot(page, '/score-runs', 'score-runs')
  await shot(page, '/score-fairness', 'score-fairness')
  await shot(page, '/score-fairness?by=age', 'score-fairness-age')
  await shot(page, '/sources', 'sources')
  await openFirst(page, 'source')
  await shot(page, '/batches', 'batches')
  await shot(page, '/settings', 'settings')
  await press(page, '修改“常住人口”')
  await picture(page, 'setting-edit')
})

it('a unit at work', async () => {
  const { page } = unit
  await shot(page, '/', 'unit-home')
  await shot(page, '/unit', 'own-unit')
  await shot(page, '/unit-figures', 'unit-figures')
  await shot(page, '/incentives', 'unit-incentives')
  await press(page, '起草新项目')
  await page.getByLabel('一句话介绍').waitFor()
  await picture(page, 'incentive-draft')
  await shot(page, '/incentive-sheets', 'unit-incentive-sheets')
  await shot(page, '/shops', 'unit-shops')
  await openFirst(page, 'unit-shop')
  await shot(page, '/shops/new', 'shop-new')
  await shot(page, '/staff', 'unit-staff')
  await shot(page, '/reports', 'unit-reports')
  await shot(page, '/unit/recheck', 'own-recheck')
})

it('the trail', async () => {
  const { page } = unit
  await cast.signOut(page, manager)
  await cast.comeIn(page, auditor, system)
  await shot(page, '/audit', 'audit')
})
