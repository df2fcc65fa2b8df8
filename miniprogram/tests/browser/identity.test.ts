/** Proving who one is, in each way there is: the real service, the office’s own command, the simulator for WeChat. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newPerson, signIn } from './cast'
import { fill, takePhone, tapButton, top, type Phone } from './phone'
import { findSystem, type System } from './system'

let system: System
let phone: Phone
let person: ReturnType<typeof newPerson>

const go = (path: string) => phone.page.goto(`${system.backend}/m/${path}`)
const see = (text: string | RegExp) => top(phone.page).getByText(text).first().waitFor()
const tap = (name: string | RegExp) => tapButton(phone.page, name)
const sheet = (name: string) => top(phone.page).locator('.sheet uni-button').filter({ hasText: new RegExp(`^\\s*${name}`) }).click()
const choose = (way: string) => top(phone.page).locator(`[data-way="${way}"]`).click()

async function order(fault: { path: string; mode: string; times: number }) {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${system.simulator}/__sim/faults`, { method: 'POST', headers, body: JSON.stringify(fault) })
}

async function tellWho({ name, id_number }: { name: string; id_number: string }) {
  await fill(phone.page, '姓名', name)
  await fill(phone.page, '身份证号码', id_number)
  await tap('下一步')
  await see('怎样确认是您本人')
}

beforeAll(async () => {
  system = await findSystem()
  phone = await takePhone([system.backend, system.simulator])
})
afterAll(async () => {
  await phone?.close()
  await system?.stop()
})
beforeEach(async () => {
  person = newPerson('秦海棠')
  await go('')
  await signIn(phone, system, person.user)
  await go('pkg-identity/bind/index')
  await tap('开始')
  await tellWho(person)
})

describe('by face', () => {
  it('binds after WeChat has seen the right person', async () => {
    await choose('face')
    await sheet('是本人')
    await see('秦*棠，身份已确认')
  })

  it('says what to do when one goes back, or is not recognised, and nothing typed is lost', async () => {
    await choose('face')
    await sheet('退出')
    await see('您退出了人脸核验')
    await choose('face')
    await sheet('不是本人')
    await see('没有认出是您本人')
    await tap('改姓名或证件号')
    expect(await top(phone.page).locator('uni-input[aria-label="姓名"] input').inputValue()).toBe(person.name)
    await tap('下一步')
    await choose('face')
    await sheet('是本人')
    await see('身份已确认')
  })

  it('is told plainly when WeChat is away, and another way is open', async () => {
    await order({ path: '/cityservice/face/identify/getverifyid', mode: 'http500', times: 1 })
    await choose('face')
    await see('微信现在没有回应')
    await choose('sandbox')
    await see('身份已确认')
  })
})

describe('by the national network identity', () => {
  it('binds after the platform has confirmed the person', async () => {
    await choose('ncidas')
    await sheet('是本人')
    await see('秦*棠，身份已确认')
  })

  it('refuses who the platform knows as somebody else; a platform that is away uses nothing up', async () => {
    await choose('ncidas')
    await sheet('不是本人')
    await see('国家网络身份认证没有通过')
    await order({ path: '/ncidas/verify', mode: 'http500', times: 1 })
    await choose('ncidas')
    await sheet('是本人')
    await see('国家网络身份认证平台现在没有回应')
    await tap('再查一次结果')
    await see('身份已确认')
  })
})

describe('at the window', () => {
  const confirm = (code: string, { name, id_number }: { name: string; id_number: string }) =>
    system.office(['confirm-identity', '--clerk', 'A017'], [code, name, id_number, 'y'])

  async function takeCode(): Promise<string> {
    await choose('window')
    await see('正在等工作人员确认')
    return (await top(phone.page).locator('.window-half').allTextContents()).join('')
  }

  it('shows a code, and goes on by itself when the clerk has confirmed', async () => {
    const code = await takeCode()
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/)
    expect(await confirm(code, person)).toContain('已确认')
    await see('秦*棠，身份已确认')
  })

  it('ends a code that the card does not fit, and says to look at what was typed', async () => {
    const code = await takeCode()
    const other = newPerson('秦海堂')
    for (let tries = 0; tries < 4; tries++) await confirm(code, other)
    await see('窗口核对了几次都对不上')
    await tap('改姓名或证件号')
    await fill(phone.page, '姓名', other.name)
    await tap('下一步')
    const next = await takeCode()
    expect(next).not.toBe(code)
    await confirm(next, { ...person, name: other.name })
    await see('秦*堂，身份已确认')
  }, 180_000)
})

it('brings a person over from another phone only when they say so, with the check they made', async () => {
  await choose('face')
  await sheet('是本人')
  await see('身份已确认')
  await signIn(phone, system, newPerson('').user)
  await go('pkg-identity/bind/index')
  await tap('开始')
  await tellWho(person)
  await choose('face')
  await sheet('是本人')
  await see('这个身份已绑定在另一个微信上')
  await sheet('换到现在这个微信')
  await see('秦*棠，身份已确认')
  // The two faults that were ordered are no complaint.
  expect(phone.complaints.filter((complaint) => !complaint.includes('status of 503'))).toEqual([])
  expect(phone.strangers).toEqual([])
})
