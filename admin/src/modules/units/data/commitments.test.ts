import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { judge, type Commitment } from './commitments'

// Sealed by another implementation than the one that checks.
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const keys = [
  {
    key_id: 3,
    algorithm: 'Ed25519',
    public_key: publicKey.export({ format: 'jwk' }).x!,
    in_use_since: '2026-01-01T00:00:00Z',
  },
]
const text = '1. **说真话。** 公布的内容真实。'

function sealed(changes: Record<string, unknown> = {}): Commitment {
  const said = {
    format: 'city-credit-commitment/1',
    id: 'c',
    text: { version: '2026-01', title: '承诺书', sha256: createHash('sha256').update(text).digest('hex') },
    ...changes,
  }
  const statement = JSON.stringify(said)
  return {
    id: 'c',
    version: '2026-01',
    title: '承诺书',
    text,
    statement,
    algorithm: 'Ed25519',
    key_id: 3,
    seal: sign(null, Buffer.from(statement), privateKey).toString('base64url'),
    in_force: true,
    signed_at: '2026-11-29T01:30:00Z',
    ended_at: null,
  }
}

describe('a commitment', () => {
  it('is genuine when seal, statement and text belong together', () => {
    expect(judge(sealed(), keys)).toBe('genuine')
  })

  it('is not when a word of it was changed', () => {
    expect(judge({ ...sealed(), text: text.replace('真实', '大致真实') }, keys)).toBe('other-text')
    const honest = sealed()
    expect(judge({ ...honest, statement: honest.statement.replace('承诺书', '保证书') }, keys)).toBe('other-seal')
  })

  it('is not under the seal of something else', () => {
    expect(judge(sealed({ format: 'city-credit-receipt/1' }), keys)).toBe('other-seal')
    expect(judge({ ...sealed(), id: 'd' }, keys)).toBe('other-seal')
    expect(judge({ ...sealed(), key_id: 4 }, keys)).toBe('unknown-key')
  })
})
