// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { formOf, keepDraft, reasonsOf, type Application } from './applications'

const application: Application = {
  id: 'a',
  state: 'returned',
  version: 2,
  unit_name: '磁湖租车',
  unified_code: null,
  code_explanation: null,
  code_is_right: false,
  category: 'transport',
  district: null,
  contact: '秦岚',
  phone: null,
  email: 'q@example.cn',
  answers: { plan: '免押金', gone: '以前问过的' },
  requirements: [
    { code: 'plan', name: '优惠', help: '', kind: 'text', due: 'application', days: null, optional: false },
    { code: 'website', name: '网站', help: '', kind: 'text', due: 'application', days: null, optional: true },
  ],
  reviews: [
    { version: 1, decision: 'returned', reasons: { unit_name: '请写全称' }, code_reason: null, decided_at: '2026-01-01T00:00:00Z' },
    { version: 2, decision: 'returned', reasons: { 'answers.plan': '请写名额' }, code_reason: null, decided_at: '2026-01-02T00:00:00Z' },
  ],
  submitted_at: '2026-01-01T00:00:00Z',
  unit_id: null,
  documents: [],
}

afterEach(() => vi.unstubAllGlobals())

describe('an application', () => {
  it('is typed in as it was kept, with a field for each thing asked today', () => {
    expect(formOf(application)).toMatchObject({ unit_name: '磁湖租车', unified_code: '', answers: { plan: '免押金', website: '' } })
  })

  it('shows what the last return wants changed, and nothing once it is handed in again', () => {
    expect(reasonsOf(application)).toEqual({ 'answers.plan': '请写名额' })
    expect(reasonsOf({ ...application, state: 'submitted' })).toEqual({})
  })

  it('sends nothing for what is empty', async () => {
    const sent: unknown[] = []
    vi.stubGlobal(
      'fetch',
      vi.fn(async (request: Request) => {
        sent.push(await request.json())
        return Response.json(application)
      }),
    )
    await keepDraft('token', { ...formOf(application), unit_name: '  磁湖租车 ', answers: { plan: ' ', website: 'a.cn' } })
    expect(sent[0]).toMatchObject({ token: 'token', unit_name: '磁湖租车', unified_code: null, answers: { website: 'a.cn' } })
    expect((sent[0] as { answers: object }).answers).not.toHaveProperty('plan')
  })
})
