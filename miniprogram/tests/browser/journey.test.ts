/** The main journey, clicked on two phones: a resident's and a clerk's. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fill, readCode, takePhone, tapButton, tapTab, tapText, top, type Phone } from './phone'
import { findSystem, type System } from './system'

const OFFER = '满五十元减五元'
const SHOP = '便民超市'
let system: System
let resident: Phone
let clerk: Phone

const see = (phone: Phone, text: string | RegExp) => top(phone.page).getByText(text).first().waitFor()

beforeAll(async () => {
  system = await findSystem()
  const own = [system.backend, system.simulator]
  resident = await takePhone(own)
  clerk = await takePhone(own)
})
afterAll(async () => {
  await resident?.close()
  await clerk?.close()
  await system?.stop()
})

it('tells a guest what this is before asking for anything', async () => {
  await resident.page.goto(`${system.backend}/m/`)
  await see(resident, '只予激励，不予惩戒')
  await see(resident, '免押金')
})

it('lets a guest read every rule of the score, and find one', async () => {
  const { page } = resident
  await tapText(page, '信用分怎么算，全部规则')
  await see(resident, '每个方面最多加减多少')
  await see(resident, '这些从来不算')
  await top(page).locator('.search-input input').fill('献血')
  await top(page).locator('.rule').filter({ hasText: '无偿献血' }).click()
  await see(resident, '《中华人民共和国献血法》')
  await page.goBack()
})

it('signs in and binds an identity, step by step', async () => {
  const { page } = resident
  await tapButton(page, '登录看看我能享受什么')
  await tapText(page, '李桂花')
  await see(resident, '只为找到您的信用记录')
  await tapButton(page, '开始')
  await fill(page, '姓名', '李桂花')
  await fill(page, '身份证号码', '420204198809069021')
  await tapButton(page, '下一步')
  await see(resident, '身份证号码不对')
  await tapButton(page, '填入这位演示人物的信息')
  await tapButton(page, '下一步')
  await tapButton(page, '演示：直接确认')
  await see(resident, '李*花，身份已确认')
})

it('agrees only after ticking that the text was read', async () => {
  const { page } = resident
  await tapButton(page, '看授权说明')
  const agree = top(page).locator('uni-button').filter({ hasText: /^同意$/ })
  await agree.waitFor()
  expect(await agree.getAttribute('disabled')).not.toBeNull()
  await tapText(page, '我已看完上面的说明')
  await agree.click()
  await see(resident, '信用优秀')
})

it('shows the score with every line behind it, and says that the model is an example', async () => {
  const { page } = resident
  await tapButton(page, '看看每一分怎么来的')
  await see(resident, '示例模型')
  await see(resident, '为什么是这个分数')
  await see(resident, /按时缴社会保险满 \d+ 年，.*加 [\d.]+ 分/)
  await top(page).locator('.dimension-head').filter({ hasText: '守法履约' }).click()
  await see(resident, '市人力资源和社会保障局')
  await top(page).locator('.record-line').filter({ hasText: '社会保障局' }).first().click()
  await see(resident, '《中华人民共和国社会保险法》')
  await see(resident, /起不再计分|为止计分|长期计分/)
  await tapButton(page, '这条不对')
  await see(resident, '请带身份证到市信用办提出异议')
  await tapButton(page, '知道了')
  await page.goBack()
})

it('computes what would be, on the real engine, and nothing of it stays', async () => {
  const { page } = resident
  await tapText(page, '算一算')
  const score = top(page).locator('.would-score')
  await score.filter({ hasText: /\d/ }).waitFor()
  const before = await score.textContent()
  await top(page).locator('[aria-label*="，多 "]').first().click()
  await see(resident, '如果这样做')
  await top(page).locator('.would-difference.more').waitFor()
  expect(await score.textContent()).not.toBe(before)
  await tapButton(page, '全部归零')
  await see(resident, /^现在/)
  await score.filter({ hasText: before! }).waitFor()
  await page.goBack()
})

it('tells how far the next level is and what would bring one there, and keeps the months', async () => {
  const { page } = resident
  await tapText(page, '还差多少分，怎样补上')
  await see(resident, '到“信用极好”')
  await see(resident, '怎样可以补上')
  await see(resident, '或者一年里几样一起做，都做到就够')
  await page.goBack()
  await tapText(page, '每个月的分数')
  await top(page).locator('.months-dot').waitFor()
  await page.goBack()
  await page.goBack()
})

it('shows on the home page what is new, and is of use to whoever keeps their place to themselves', async () => {
  const { page } = resident
  await see(resident, '新消息')
  const item = top(page).locator('.news-item').first()
  const title = (await item.locator('.news-title').textContent())!
  await item.getByText('知道了').click()
  await top(page).locator('.news-title').filter({ hasText: title }).first().waitFor({ state: 'detached' })
  await tapButton(page, '看看附近有什么')
  await see(resident, '没有拿到位置')
})

it('finds an offer by its name and claims it', async () => {
  const { page } = resident
  await tapTab(page, '权益')
  await top(page).locator('.search-input input').fill(OFFER)
  await top(page).locator('.search-input input').press('Enter')
  await top(page).locator('.incentive').nth(1).waitFor({ state: 'detached' })
  await tapText(page, OFFER)
  await see(resident, '哪里能用')
  await tapButton(page, /^领取$/)
  await tapButton(page, '出示二维码')
  await top(page).locator('.code-picture').waitFor()
})

it('is honoured at the till once, and the resident sees it within three seconds', async () => {
  const { page } = clerk
  await page.goto(`${system.backend}/m/pkg-merchant/desk/index`)
  await tapButton(page, '去登录')
  await top(page).locator('.player').filter({ hasText: SHOP }).first().click()
  await see(clerk, '当前门店')

  // The shop's cellar has no network for the resident: a code once fetched goes on changing.
  await resident.context.setOffline(true)
  await see(resident, '没有网络也能用')
  const code = await readCode(resident.page)
  expect(code).toMatch(/^HS1:/)
  await fill(page, '二维码内容', code)
  await tapButton(page, '核验')
  await see(clerk, '可以享受')
  await see(clerk, OFFER)
  expect(await top(page).textContent()).not.toContain('李')
  await tapButton(page, '确认使用')
  await see(clerk, '使用成功')
  await resident.context.setOffline(false)
  await top(resident.page).getByText('已使用').first().waitFor({ timeout: 3_000 })

  await fill(page, '二维码内容', code)
  await tapButton(page, '核验')
  await see(clerk, '已经用过了，不用再扫')
})

it('lists the used voucher, and signs out', async () => {
  const { page } = resident
  await tapButton(page, '回到我的券')
  await tapText(page, /^已使用$/)
  await see(resident, OFFER)
  await tapTab(page, '我的')
  await tapButton(page, '退出登录')
  await see(resident, '券还在')
  await top(page).locator('.sheet uni-button').filter({ hasText: '退出登录' }).click()
  await see(resident, '未登录')
})

it('asked nobody else, and complained about nothing', () => {
  expect([...resident.strangers, ...clerk.strangers]).toEqual([])
  expect([...resident.complaints, ...clerk.complaints]).toEqual([])
})
