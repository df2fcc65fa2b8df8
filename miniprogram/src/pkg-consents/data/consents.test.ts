import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { isGiven, toConsentRow } from './consents'

const consent = (changes: Partial<Schema['Consent']> = {}): Schema['Consent'] => ({
  purpose: 'scoring',
  version: '2026-01',
  title: '同意计算个人信用分',
  text: '',
  text_sha256: '',
  required_for: '',
  withdrawal: '',
  given_at: null,
  given_version: null,
  declined_at: null,
  withdrawn_at: null,
  ...changes,
})
const stateOf = (changes: Partial<Schema['Consent']>) => toConsentRow(consent(changes)).state

describe('a consent', () => {
  it('says what was decided, and when', () => {
    expect(stateOf({})).toBe('还没有决定')
    expect(stateOf({ given_at: '2026-11-28T17:00:00Z', given_version: '2026-01' })).toBe('2026年11月29日已同意')
    expect(stateOf({ declined_at: '2026-11-28T17:00:00Z' })).toBe('您选择了不同意')
    expect(stateOf({ withdrawn_at: '2026-11-28T17:00:00Z' })).toBe('2026年11月29日已撤回')
  })

  it('for an older text is not one for this text', () => {
    const older = consent({ given_at: '2026-11-28T17:00:00Z', given_version: '2025-06' })
    expect(isGiven(older)).toBe(false)
    expect(toConsentRow(older).state).toBe('说明有新版本')
  })
})
