/** axe finds nothing serious on any page, in either theme. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinClerk, newPerson, prepareResident, sealCommitment, signIn } from './cast'
import { fill, takePhone, tapButton, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
let system: System

interface Violation {
  id: string
  impact: string
  nodes: { html: string; any: { message: string }[] }[]
}

/** What is wrong for somebody, in one line each. Pages below the one on top are not looked at. */
async function wrongOn(phone: Phone): Promise<string[]> {
  await phone.page.waitForTimeout(700)
  await phone.page.evaluate(await readAxe())
  const violations = await phone.page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: unknown, options: unknown): Promise<{ violations: unknown[] }> } }
    const hidden = [...document.querySelectorAll('uni-page')].filter((page) => getComputedStyle(page).display === 'none')
    return (await axe.run({ include: document, exclude: hidden }, { resultTypes: ['violations'] })).violations
  })
  return (violations as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html.slice(0, 140)} ${any[0]?.message ?? ''}`))
}

let axeText = ''
async function readAxe(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return (axeText ||= await readFile(AXE, 'utf8'))
}

beforeAll(async () => {
  system = await findSystem()
})
afterAll(() => system?.stop())

describe.each(['standard', 'elder'] as const)('theme %s', (theme) => {
  let phone: Phone
  let claimed: Awaited<ReturnType<typeof prepareResident>>
  const go = (path: string) => phone.page.goto(`${system.backend}/m/${path}`)

  beforeAll(async () => {
    phone = await takePhone([system.backend, system.simulator])
    await phone.context.addInitScript((chosen) => {
      localStorage.setItem('settings.theme', JSON.stringify({ type: 'string', data: JSON.stringify(chosen) }))
    }, theme)
    await go('')
  })
  afterAll(() => phone?.close())

  it.each([
    '',
    'pages/incentives/index',
    'pages/me/index',
    'pkg-identity/sign-in/index',
    'pkg-identity/bind/index',
    'pkg-notices/list/index',
    'pkg-help/help/index',
    'pkg-help/about/index',
    'pkg-help/privacy/index',
    'pkg-scoring/model/index',
  ])('guest at %s', async (path) => {
    await go(path)
    expect(await wrongOn(phone)).toEqual([])
  })

  it('somebody proving who they are', async () => {
    const { user, name, id_number } = newPerson('秦海棠')
    await signIn(phone, system, user)
    await go('pkg-identity/bind/index')
    await tapButton(phone.page, '开始')
    await fill(phone.page, '姓名', name)
    await fill(phone.page, '身份证号码', id_number)
    await tapButton(phone.page, '下一步')
    await tapButton(phone.page, '微信人脸核验')
    await top(phone.page).locator('.sheet').waitFor()
    expect(await wrongOn(phone)).toEqual([])
    await tapButton(phone.page, '退出')
    await top(phone.page).getByText('您退出了').waitFor()
    expect(await wrongOn(phone)).toEqual([])
    await tapButton(phone.page, '到窗口')
    await top(phone.page).locator('.window-code').waitFor()
    expect(await wrongOn(phone)).toEqual([])
  })

  it('a resident, and a clerk', async () => {
    claimed = await prepareResident(phone, system, theme === 'elder' ? 'sun-lihua' : 'ouyang-yan')
    await joinClerk(phone, system)
    const paths = [
      '',
      'pages/incentives/index',
      'pages/vouchers/index',
      'pages/me/index',
      'pkg-scoring/score/index',
      `pkg-scoring/record/index?id=${claimed.record}`,
      'pkg-scoring/history/index',
      'pkg-scoring/what-if/index',
      'pkg-scoring/distance/index',
      `pkg-scoring/distance/index?incentive=${claimed.closed}`,
      'pkg-consents/list/index',
      'pkg-consents/text/index?purpose=scoring',
      'pkg-consents/text/index?purpose=reminders',
      `pkg-incentives/detail/index?id=${claimed.closed}`,
      `pkg-incentives/unit/index?id=${claimed.unit}`,
      `pkg-incentives/commitment/index?id=${await sealCommitment(phone)}`,
      `pkg-vouchers/detail/index?voucher=${claimed.voucher}`,
      'pkg-notices/list/index',
      `pkg-reports/new/index?incentive=${claimed.incentive}`,
      'pkg-reports/list/index',
      'pkg-privacy/overview/index',
      'pkg-privacy/looks/index',
      'pkg-privacy/export/index',
      `pkg-vouchers/code/index?voucher=${claimed.voucher}`,
      `pkg-vouchers/code/index?incentive=${claimed.incentive}`,
      `pkg-vouchers/typed-code/index?voucher=${claimed.voucher}`,
      'pkg-merchant/desk/index',
      'pkg-merchant/day/index',
      'pkg-merchant/join/index',
    ]
    const wrong: Record<string, string[]> = {}
    for (const path of paths) {
      await go(path)
      const found = await wrongOn(phone)
      if (found.length) wrong[path] = found
    }
    expect(wrong).toEqual({})
  }, 180_000)

  it('a typed code to say, and the field where it is typed', async () => {
    await go(`pkg-vouchers/typed-code/index?voucher=${claimed.voucher}`)
    await top(phone.page).locator('.shop-choice').first().click()
    await top(phone.page).locator('.say-code').waitFor()
    expect(await wrongOn(phone)).toEqual([])
    await go('pkg-merchant/desk/index')
    await tapButton(phone.page, '输入数字码')
    await top(phone.page).locator('.typed-input input').fill('7K0')
    expect(await wrongOn(phone)).toEqual([])
  })

  it('a question over the page, and an opened dimension', async () => {
    await go('pkg-scoring/score/index')
    await top(phone.page).locator('.dimension-head').filter({ hasText: '守法履约' }).click()
    expect(await wrongOn(phone)).toEqual([])
    await top(phone.page).locator('.record-line').first().click()
    await tapButton(phone.page, '这条不对')
    await top(phone.page).locator('.sheet').waitFor()
    expect(await wrongOn(phone)).toEqual([])
    await tapButton(phone.page, '知道了')
  })

  it('the questions over the list of offers, and over my data', async () => {
    await go('pages/incentives/index')
    await top(phone.page).locator('.select').first().click()
    expect(await wrongOn(phone)).toEqual([])
    await top(phone.page).locator('.choice').filter({ hasText: '离我最近' }).click()
    await top(phone.page).locator('.sheet').waitFor()
    expect(await wrongOn(phone)).toEqual([])
    await go('pkg-privacy/overview/index')
    await tapText(phone.page, '在所有设备退出')
    await top(phone.page).locator('.sheet').waitFor()
    expect(await wrongOn(phone)).toEqual([])
  })
})
