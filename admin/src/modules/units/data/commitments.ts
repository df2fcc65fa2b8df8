/** A unit's commitment in public, and whether its seal holds: checked here in the browser, not believed. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { answer, client, type Answer } from '@/api'

export type Commitment = Answer<'get', '/api/v1/public/commitments/{commitment_id}'>
type SealKeys = Answer<'get', '/.well-known/seal-keys.json'>['keys']

/** What was signed: the page shows what stands here, since this is what the seal covers. */
export interface Statement {
  format: string
  id: string
  city: string
  unit: { id: string; name: string; unified_code: string | null }
  text: { version: string; title: string; sha256: string }
  signer: { name: string; position: string }
  signed_at: string
}
export type Verdict = 'genuine' | 'other-text' | 'other-seal' | 'unknown-key'

const FORMAT = 'city-credit-commitment/1'

export const getCommitment = (id: string): Promise<Commitment> =>
  answer(client.GET('/api/v1/public/commitments/{commitment_id}', { params: { path: { commitment_id: id } } }))

export const getSealKeys = async (): Promise<SealKeys> => (await answer(client.GET('/.well-known/seal-keys.json'))).keys

export const statementOf = ({ statement }: Commitment): Statement => JSON.parse(statement) as Statement

export function judge(commitment: Commitment, keys: SealKeys): Verdict {
  const key = keys.find(({ key_id }) => key_id === commitment.key_id)
  if (!key) return 'unknown-key'
  const said = statementOf(commitment)
  const isSealed = ed25519.verify(bytesOf(commitment.seal), utf8(commitment.statement), bytesOf(key.public_key))
  if (!isSealed || said.format !== FORMAT || said.id !== commitment.id) return 'other-seal'
  return bytesToHex(sha256(utf8(commitment.text))) === said.text.sha256 ? 'genuine' : 'other-text'
}

const utf8 = (text: string) => new TextEncoder().encode(text)

function bytesOf(base64url: string): Uint8Array {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
