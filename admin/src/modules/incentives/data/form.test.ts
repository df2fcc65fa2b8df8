import { describe, expect, it } from 'vitest'
import { contentOf, formOf, isAsked, isSame } from './form'
import type { Content } from './incentives'

const content = {
  form: 'voucher',
  title: '借书加倍',
  terms: ['本人使用', '不可转让'],
  score_milli: 62500,
  shop_ids: ['a', 'b'],
  quota_total: 100,
  weekdays: ['sat'],
  opens_at: '09:00',
  needs_match: true,
} as Content

describe('the form of an incentive', () => {
  it('brings back what the service gave', () => {
    expect(contentOf(formOf(content))).toEqual({ ...content, offline: false, has_return: false })
  })

  it('shows points as people say them, and terms line by line', () => {
    const form = formOf(content)
    expect([form.score_milli, form.terms]).toEqual(['62.5', '本人使用\n不可转让'])
  })

  it('sends nothing for what is empty, and no empty lines', () => {
    const form = { ...formOf(content), title: '', terms: ' \n本人使用\n', weekdays: [] }
    const sent = contentOf(form)
    expect('title' in sent || 'weekdays' in sent).toBe(false)
    expect(sent.terms).toEqual(['本人使用'])
  })

  it('does not ask a standing entitlement for what belongs to vouchers', () => {
    const form = { ...formOf(content), form: 'standing' }
    expect(isAsked(form, 'quota_total')).toBe(false)
    expect('quota_total' in contentOf(form)).toBe(false)
    expect(isAsked(form, 'quota_per_shop')).toBe(true)
  })

  it('knows whether anything was changed', () => {
    expect(isSame(formOf(content), formOf(content))).toBe(true)
    expect(isSame(formOf(content), { ...formOf(content), title: '别的' })).toBe(false)
  })
})
