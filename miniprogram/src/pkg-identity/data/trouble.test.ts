import { describe, expect, it } from 'vitest'
import { ApiError, NetworkFailure } from '@/api'
import { tellTrouble, type End } from './trouble'

const refusal = (code: string, retryAfter: number | null = null) => new ApiError({ code, detail: '服务的话。' }, 409, retryAfter)

describe('why an identity is not proven yet', () => {
  it('is nothing before anything was tried, nor after all went well', () => {
    expect(tellTrouble('face', null, null)).toBe('')
    expect(tellTrouble('face', 'done', null)).toBe('')
  })

  it.each([
    ['face', 'left', '退出了人脸核验'],
    ['ncidas', 'left', '退出了国家网络身份认证'],
    ['face', 'camera', '允许微信使用'],
    ['face', 'refused', '没有同意'],
    ['ncidas', 'pending', '再查一次结果'],
  ] as const)('%s that ended with "%s" says what to do next', (way, end: End, part) => {
    expect(tellTrouble(way, end, null)).toContain(part)
  })

  it('of the same refusal differs with the way', () => {
    const sentences = (['face', 'ncidas', 'window'] as const).map((way) =>
      tellTrouble(way, null, refusal('identity.check_failed')),
    )
    expect(new Set(sentences).size).toBe(3)
  })

  it('names how long to wait, where the service does', () => {
    expect(tellTrouble('face', null, refusal('request.too_many', 40))).toMatch(/歇一会儿.*请过 40 秒再试/)
    expect(tellTrouble('face', null, refusal('wechat.unavailable', 5))).toMatch(/填好的内容都还在.*5 秒/)
  })

  it('is the service’s own sentence where the page knows none better', () => {
    expect(tellTrouble('window', null, refusal('identity.under_age'))).toBe('服务的话。')
    expect(tellTrouble('window', null, new NetworkFailure('offline'))).toContain('网络')
  })
})
