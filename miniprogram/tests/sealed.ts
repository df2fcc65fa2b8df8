/** A commitment under a seal of our own: made by another implementation than the one that checks it. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { Schema } from '../src/api'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const KEY_ID = 3
export const KEYS: Schema['SealKey'][] = [
  {
    key_id: KEY_ID,
    algorithm: 'Ed25519',
    public_key: publicKey.export({ format: 'jwk' }).x!,
    in_use_since: '2026-01-01T00:00:00Z',
  },
]
const TEXT = '本单位向社会公开承诺：\n\n1. **说真话。** 公布的内容真实。\n2. **说到做到。** 公布的优惠一律兑现。'

export function sealed(changes: Record<string, unknown> = {}): Schema['Commitment'] {
  const title = '成员单位信用承诺书'
  const signed_at = '2026-11-28T16:30:00Z'
  const statement = JSON.stringify({
    format: 'city-credit-commitment/1',
    id: 'c',
    unit: { name: '便民超市', unified_code: null },
    text: { title, sha256: createHash('sha256').update(TEXT).digest('hex') },
    signer: { name: '陈一鸣', position: '店长' },
    signed_at,
    ...changes,
  })
  return {
    id: 'c',
    version: '2026-01',
    title,
    text: TEXT,
    statement,
    algorithm: 'Ed25519',
    key_id: KEY_ID,
    seal: sign(null, Buffer.from(statement), privateKey).toString('base64url'),
    signed_at,
    in_force: true,
    ended_at: null,
  }
}
