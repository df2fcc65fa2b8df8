// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { useSession } from '@/stores/session'
import { mountAt } from '../../tests/unit/router'
import SessionEnd from './SessionEnd.vue'

const MINUTE = 60_000
const answers = (body: object, status = 200) =>
  vi.stubGlobal('fetch', vi.fn(async () => Response.json(body, { status })))
const account = { id: 'a', email: 'a@credit.example', permissions: [] }
const whole = (idle: number, last: number) => ({
  step: 'signed_in',
  methods: [],
  csrf_token: 'word',
  account,
  idle_ends_at: new Date(Date.now() + idle * MINUTE).toISOString(),
  ends_at: new Date(Date.now() + last * MINUTE).toISOString(),
})

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

async function open(idle: number, last: number) {
  answers(whole(idle, last))
  const { wrapper } = await mountAt('/', SessionEnd)
  const session = useSession()
  await session.load()
  const pass = async (minutes: number) => {
    vi.advanceTimersByTime(minutes * MINUTE)
    await flushPromises()
    await nextTick()
  }
  await pass(0)
  return { wrapper, session, pass }
}

it('warns two minutes before the end, and puts it off', async () => {
  const { wrapper, session, pass } = await open(15, 480)
  await pass(12)
  expect(wrapper.text()).toBe('')
  await pass(2)
  expect(wrapper.text()).toContain('快要自动退出了')
  answers(whole(15, 466))
  await wrapper.get('button').trigger('click')
  await flushPromises()
  expect(session.idleEndsAt - Date.now()).toBeGreaterThan(14 * MINUTE)
  await pass(0.1)
  expect(wrapper.text()).toBe('')
})

it('says once that the day is over, which nothing puts off', async () => {
  const { wrapper, pass } = await open(15, 14)
  await pass(13)
  expect(wrapper.text()).toContain('一次登录最多 8 小时')
  await wrapper.get('button').trigger('click')
  await pass(0.1)
  expect(wrapper.text()).toBe('')
})

it('asks the service at the end, and for the password when it is over', async () => {
  const { wrapper, session, pass } = await open(15, 480)
  answers({ code: 'session.ended' }, 401)
  await pass(15.1)
  expect(session.stage).toBe('over')
  expect(wrapper.text()).toContain('请再登录一次')
  expect(wrapper.get<HTMLInputElement>('input[name="email"]').element.value).toBe('a@credit.example')
})

it('goes on when another window put off the end', async () => {
  const { wrapper, session, pass } = await open(15, 480)
  answers(whole(20, 460))
  await pass(15.1)
  expect(session.stage).toBe('signed_in')
  await pass(0.1)
  expect(wrapper.text()).toBe('')
})
