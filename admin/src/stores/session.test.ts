import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { link } from '@/api'
import { useSession } from './session'

// The client reads where it is when it is made.
vi.hoisted(() => Object.assign(globalThis, { location: { origin: 'http://desk' } }))

const MINUTE = 60_000
const NOW = Date.parse('2026-11-29T08:00:00Z')
// The service's clock is ten minutes ahead of this desk's.
const SERVICE = NOW + 10 * MINUTE
const at = (minutes: number) => new Date(SERVICE + minutes * MINUTE).toISOString()
const account = { id: 'a', permissions: ['staff.read'] }
const whole = { step: 'signed_in', methods: [], csrf_token: 'word', account, idle_ends_at: at(15), ends_at: at(480) }
const answers = (body: object, status = 200) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => Response.json(body, { status, headers: { date: new Date(SERVICE).toUTCString() } })),
  )

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  setActivePinia(createPinia())
})

it('knows who is here and when the end comes, by the service’s clock', async () => {
  answers(whole)
  const session = useSession()
  await session.load()
  expect([session.stage, session.csrfToken, session.idleEndsAt - NOW]).toEqual(['signed_in', 'word', 15 * MINUTE])
  expect([session.may(['staff.read', 'x']), session.may(['x']), session.may()]).toEqual([true, false, true])
})

it('puts off the end with every answer', async () => {
  answers(whole)
  const session = useSession()
  await session.load()
  vi.advanceTimersByTime(10 * MINUTE)
  link.answered()
  expect(session.idleEndsAt - NOW).toBe(25 * MINUTE)
  expect(session.endsAt - NOW).toBe(480 * MINUTE)
})

it('is over, and not gone, when it ends while somebody is at work', async () => {
  answers(whole)
  const session = useSession()
  await session.load()
  answers({ code: 'session.ended' }, 401)
  await session.load()
  expect([session.stage, session.account?.id]).toEqual(['over', 'a'])
})

it('is nobody’s for a guest, and for who is half-way in', async () => {
  const session = useSession()
  answers({ code: 'session.required' }, 401)
  await session.load()
  expect(session.stage).toBe('none')
  answers({ ...whole, step: 'second_factor', account: null })
  await session.load()
  expect([session.stage, session.isIn]).toEqual(['none', false])
})

it('keeps the failure when the service does not answer', async () => {
  answers({ code: 'database.unavailable' }, 503)
  const session = useSession()
  await session.load()
  expect([session.stage, session.failure]).toEqual(['unknown', expect.objectContaining({ status: 503 })])
})
