import { expect, it } from 'vitest'
import { changesOf, formOf, sent, type OwnRecheck, type Recheck } from './rechecks'

const asked = [
  { code: 'plan', kind: 'text', due: 'application' },
  { code: 'kept', kind: 'text', due: 'yearly' },
  { code: 'current-licence', kind: 'document', due: 'yearly' },
] as OwnRecheck['asked']
const facts = { unit_name: '磁湖租车', category: 'transport', contact: '秦岚', phone: null, answers: { plan: '免押金', kept: '去年 500 次' } }

it('is filled in as it was, and what is asked each year is written anew', () => {
  expect(formOf(facts, asked)).toEqual({
    unit_name: '磁湖租车',
    category: 'transport',
    contact: '秦岚',
    phone: '',
    answers: { plan: '免押金', kept: '' },
  })
})

it('sends what is empty as nothing', () => {
  expect(sent(formOf(facts, asked))).toMatchObject({ phone: null, answers: { plan: '免押金' } })
})

it('tells what has changed, before and after', () => {
  const recheck = { ...facts, phone: '0714', answers: { plan: '免押金，每月 50 名' }, changed: ['phone', 'answers.plan'] } as unknown as Recheck
  expect(changesOf(recheck, facts, (field) => field, (_, text) => text)).toEqual([
    { field: 'phone', name: 'phone', before: '', after: '0714' },
    { field: 'answers.plan', name: 'answers.plan', before: '免押金', after: '免押金，每月 50 名' },
  ])
})
