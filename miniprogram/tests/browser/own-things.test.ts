/** What a resident looks for and looks after: offers, vouchers, notices, and their own data. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareResident } from './cast'
import { takePhone, tapButton, tapTab, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const OFFER = '满五十元减五元'
let system: System
let phone: Phone

const go = (path: string) => phone.page.goto(`${system.backend}/m/${path}`)
const see = (text: string | RegExp) => top(phone.page).getByText(text).first().waitFor()
const select = (name: string) => top(phone.page).locator(`.select[aria-label^="${name}"]`)
const choose = (name: string) => top(phone.page).locator('.choice').filter({ hasText: name }).click()
const rows = () => top(phone.page).locator('.incentive')

beforeAll(async () => {
  system = await findSystem()
  phone = await takePhone([system.backend, system.simulator])
  await go('')
  await prepareResident(phone, system, 'wang-jianguo')
})
afterAll(async () => {
  await phone?.close()
  await system?.stop()
})

async function countOffers(): Promise<number> {
  let count = 0
  let cursor: string | null = ''
  do {
    const answer = await fetch(`${system.backend}/api/v1/public/incentives?limit=200${cursor ? `&cursor=${cursor}` : ''}`)
    const page = (await answer.json()) as { items: unknown[]; next_cursor: string | null }
    count += page.items.length
    cursor = page.next_cursor
  } while (cursor)
  return count
}

it('goes through the whole list, page by page', async () => {
  await go('pages/incentives/index')
  await rows().first().waitFor()
  const all = await countOffers()
  expect(all).toBeGreaterThan(20)
  const until = Date.now() + 60_000
  while (!(await top(phone.page).getByText('没有更多了').isVisible()) && Date.now() < until) {
    await phone.page.mouse.wheel(0, 20_000)
    await phone.page.waitForTimeout(150)
  }
  expect(await rows().count()).toBe(all)
})

it('keeps the filters while one looks at an offer, and takes them back with one tap', async () => {
  await go('pages/incentives/index')
  await select('等级').click()
  await choose('信用良好')
  await select('区域').click()
  await choose('大冶市')
  await see('已选 2 个条件')
  await rows().first().click()
  await see('有效期')
  await phone.page.goBack()
  await see('已选 2 个条件')
  expect(await select('区域').textContent()).toContain('大冶市')
  await tapTab(phone.page, '我的')
  await tapTab(phone.page, '权益')
  expect(await select('等级').textContent()).toContain('信用良好')
  await tapText(phone.page, '全部清除')
  await select('等级').filter({ hasText: '等级' }).waitFor()
  expect(await top(phone.page).getByText('已选').count()).toBe(0)
})

it('says why it asks for the place, and sorts from a district where it is refused', async () => {
  await select('排序').click()
  await choose('离我最近')
  await see('用完不保存')
  await tapButton(phone.page, '用我的位置')
  await see('没有取到位置')
  await tapButton(phone.page, '大冶市')
  await see(/公里|\d 米/)
  expect(await select('排序').textContent()).toContain('离大冶市最近')
})

it('sorts by the phone’s own place where it is given, told roughly', async () => {
  await phone.context.grantPermissions(['geolocation'])
  await phone.context.setGeolocation({ latitude: 30.2215678, longitude: 115.0661234 })
  await select('排序').click()
  await choose('离我最近')
  const asked = phone.page.waitForRequest(/near=/)
  await tapButton(phone.page, '用我的位置')
  expect((await asked).url()).toMatch(/near=30\.2\d\d%2C115\.0\d\d(&|$)/)
  await select('排序').filter({ hasText: '离我最近' }).waitFor()
})

it('leads from what is new to all of it', async () => {
  await go('')
  await tapText(phone.page, '全部消息')
  await top(phone.page).locator('.notice').first().waitFor()
  await phone.page.goBack()
})

it('opens a notice, which is then read, and leads to what it tells about', async () => {
  await tapTab(phone.page, '我的')
  await see(/\d+ 条未读/)
  const before = parseInt((await top(phone.page).getByText(/条未读/).first().textContent())!, 10)
  await tapText(phone.page, /^消息$/)
  await top(phone.page).locator('.notice').filter({ hasText: OFFER }).filter({ hasText: '领取成功' }).click()
  await see('出示二维码')
  await tapTab(phone.page, '我的')
  await see(before > 1 ? new RegExp(`${before - 1} 条未读`) : /^消息$/)
})

it('gives back a voucher after reading what that means', async () => {
  await tapTab(phone.page, '我的券')
  await top(phone.page).locator('.voucher-about').filter({ hasText: OFFER }).first().click()
  await see('使用记录')
  await tapButton(phone.page, '退回这张券')
  await see('可能已经领完')
  await top(phone.page).locator('.sheet uni-button').filter({ hasText: '退回这张券' }).click()
  await see('您退回了它')
  expect(await top(phone.page).getByText('出示二维码').count()).toBe(0)
  await phone.page.goBack()
  await tapText(phone.page, /^已结束$/)
  await see('您退回了它')
})

it('takes a phone number only from who leaves it, and forgets it on a word', async () => {
  const sheet = (name: string) => top(phone.page).locator('.sheet uni-button').filter({ hasText: new RegExp(`^\\s*${name}`) }).click()
  await go('pkg-privacy/overview/index')
  await see('不留也一样用')
  await tapButton(phone.page, '留下微信绑定的手机号')
  await sheet('不允许')
  await see('您没有允许')
  await tapButton(phone.page, '留下微信绑定的手机号')
  await sheet('允许')
  await see(/^190\*{4}\d{4}$/)
  await tapButton(phone.page, '删除手机号')
  await see('不再保存这个号码')
  await sheet('删除手机号')
  await top(phone.page).getByText('留下微信绑定的手机号').waitFor()
  expect(await top(phone.page).getByText(/190\*/).count()).toBe(0)
})

it('shows my data, and gives it to me as a text', async () => {
  await go('pkg-privacy/overview/index')
  await tapText(phone.page, '谁看过我的信息')
  await see(/还没有人看过|为什么/)
  await phone.page.goBack()
  await tapText(phone.page, '导出我的数据')
  await see('【信用分】')
  const download = phone.page.waitForEvent('download')
  await tapButton(phone.page, '保存成文件')
  const text = await readFile((await (await download).path())!, 'utf8')
  expect(text).toContain('王*国')
  expect(text).toContain(`${OFFER}（`)
  expect(text).toContain('同意计算个人信用分')
})

it('answers questions, and says what is collected', async () => {
  await go('pkg-help/help/index')
  await tapText(phone.page, '没有智能手机怎么办')
  await see('请带身份证到市信用办，工作人员会告诉您怎样办理')
  await go('pkg-help/about/index')
  await see('0.1.0')
  await tapText(phone.page, '隐私说明')
  await see('不给也能用')
})

it('signs out everywhere after saying what ends, and not before', async () => {
  await go('pkg-privacy/overview/index')
  await tapText(phone.page, '在所有设备退出')
  await see('会结束的')
  await see('不受影响的')
  await phone.context.setOffline(true)
  const confirm = top(phone.page).locator('.sheet uni-button').filter({ hasText: '在所有设备退出' })
  await confirm.click()
  await see('网络连不上')
  await phone.context.setOffline(false)
  await confirm.click()
  await see('登录看看我能享受什么')
})

it('asked nobody else, and complained about nothing', () => {
  expect(phone.strangers).toEqual([])
  expect(phone.complaints).toEqual([])
})
