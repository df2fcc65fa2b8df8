import { beforeEach, describe, expect, it, vi } from 'vitest'
import { NetworkFailure, NotDone } from '@/api'
import { isComplete, newSignature, useSigning } from './signing'

const { askPasskey, post } = vi.hoisted(() => ({ askPasskey: vi.fn(), post: vi.fn() }))
vi.mock('@/modules/account/data/passkey-prompt', () => ({ askPasskey }))
vi.mock('@/api', async (original) => ({
  ...(await original<typeof import('@/api')>()),
  client: { POST: post },
  answer: async (asked: unknown) => asked,
}))

const typed = (changes = {}) => ({ ...newSignature(false), signer_name: '秦岚', signer_position: '总经理', password: 'x', ...changes })

beforeEach(() => {
  askPasskey.mockReset().mockResolvedValueOnce({ id: 'first' }).mockResolvedValueOnce({ id: 'second' })
  post.mockReset().mockResolvedValue({ challenge: 'c' })
})

describe('a signature', () => {
  it('needs a code of who has a second factor and shows no passkey', () => {
    expect(isComplete(typed(), false)).toBe(true)
    expect(isComplete(typed(), true)).toBe(false)
    expect(isComplete(typed({ code: '123456' }), true)).toBe(true)
    expect(isComplete(typed({ usesPasskey: true }), true)).toBe(true)
    expect(isComplete(typed({ usesPasskey: true, password: ' ' }), true)).toBe(false)
  })

  it('takes the code that was typed, and asks no passkey', async () => {
    const act = vi.fn(async () => 'signed')
    expect(await useSigning(act).run(typed({ code: ' 123456 ' }))).toEqual({ answer: 'signed' })
    expect(act).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ code: '123456', credential: null }))
    expect(askPasskey).not.toHaveBeenCalled()
  })

  it('carries what the passkey signed, and no code', async () => {
    const act = vi.fn(async () => 'signed')
    await useSigning(act).run(typed({ usesPasskey: true, code: 'old' }))
    expect(post).toHaveBeenCalledWith('/api/v1/console/passkeys/proof/options', { body: {} })
    expect(act).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ code: null, credential: { id: 'first' } }))
  })

  it('is not sent when the passkey was not shown, and says so', async () => {
    askPasskey.mockReset().mockRejectedValue(new NotDone('没有完成'))
    const act = vi.fn()
    const signing = useSigning(act)
    expect(await signing.run(typed({ usesPasskey: true }))).toBeNull()
    expect(act).not.toHaveBeenCalled()
    expect(signing.failure.value).toBeInstanceOf(NotDone)
  })

  it('after a lost answer goes under a new key with a new passkey, under the same with the same code', async () => {
    const keys: string[] = []
    const lost = async (key: string) => {
      keys.push(key)
      throw new NetworkFailure('offline')
    }
    const byPasskey = useSigning(lost)
    await byPasskey.run(typed({ usesPasskey: true }))
    await byPasskey.run(typed({ usesPasskey: true }))
    const byCode = useSigning(lost)
    await byCode.run(typed({ code: '1' }))
    await byCode.run(typed({ code: '1' }))
    expect(keys[0]).not.toBe(keys[1])
    expect(keys[2]).toBe(keys[3])
  })
})
