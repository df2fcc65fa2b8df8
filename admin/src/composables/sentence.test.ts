import { describe, expect, it } from 'vitest'
import { ApiError, NetworkFailure, NotDone } from '@/api'
import { errorsOf } from './field-errors'
import { helpNumber, sentence } from './sentence'

describe('the sentence for a failure', () => {
  const refused = new ApiError({ code: 'account.stale', detail: '刚刚被别人修改过。', errors: { roles: ['没有这个角色。'] } }, 409)

  it('is the page’s for a code it knows, else the service’s', () => {
    expect(sentence(refused)).toBe('刚刚被别人修改过。')
    expect(sentence(refused, { 'account.stale': '请再看一眼。' })).toBe('请再看一眼。')
  })

  it('says how long to wait, in minutes when it is long', () => {
    expect(sentence(new ApiError({ code: 'x', detail: '太快了。' }, 429, 30))).toBe('太快了。请过 30 秒再试。')
    expect(sentence(new ApiError({ code: 'x', detail: '太快了。' }, 429, 600))).toContain('10 分钟')
  })

  it('tells no network from too slow, and what the browser did not do', () => {
    expect(sentence(new NetworkFailure('offline'))).not.toBe(sentence(new NetworkFailure('timeout')))
    expect(sentence(new NotDone('没有完成。'))).toBe('没有完成。')
  })

  it('names the number only for errors of the system', () => {
    expect(helpNumber(new ApiError({ code: 'internal', request_id: 'abc' }, 500))).toBe('abc')
    expect(helpNumber(new ApiError({ code: 'not_found', request_id: 'abc' }, 404))).toBeNull()
  })

  it('finds what is wrong in a field', () => {
    expect(errorsOf(refused, 'roles')).toEqual(['没有这个角色。'])
    expect(errorsOf(refused, 'name')).toEqual([])
    expect(errorsOf(new Error('x'), 'roles')).toEqual([])
  })
})
