/** A unit's commitment in public, and whether the city's seal on it holds: checked on this phone, not believed. */
import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils'
import { call, type Schema } from '@/api'
import { fromBase64url } from '@/ticket/base64url'
import { dayInWords, dayOf } from '@/wording/days'
import { zh } from '../locales/zh'

const FORMAT = 'city-credit-commitment/1'
const SEAL_BYTES = 64
const KEY_BYTES = 32

/** What the seal covers; the page shows nothing else. */
interface Statement {
  format: string
  id: string
  unit: { name: string; unified_code: string | null }
  text: { title: string; sha256: string }
  signer: { name: string; position: string }
  signed_at: string
}

export interface CommitmentView {
  title: string
  text: string
  isGenuine: boolean
  hasEnded: boolean
  facts: { name: string; value: string }[]
}

export async function fetchCommitmentView(id: string): Promise<CommitmentView> {
  const [commitment, { keys }] = await Promise.all([
    call('get', '/api/v1/public/commitments/{commitment_id}', { path: { commitment_id: id } }),
    call('get', '/.well-known/seal-keys.json', {}),
  ])
  return toCommitmentView(commitment, keys)
}

export function toCommitmentView(commitment: Schema['Commitment'], keys: Schema['SealKey'][]): CommitmentView {
  const { text, unit, signer, signed_at } = JSON.parse(commitment.statement) as Statement
  const words = zh.commitment
  return {
    title: text.title,
    text: commitment.text,
    isGenuine: isGenuine(commitment, keys),
    hasEnded: !commitment.in_force,
    facts: [
      { name: words.unit, value: unit.name },
      { name: words.code, value: unit.unified_code ?? '' },
      { name: words.signer, value: words.signedBy(signer.name, signer.position) },
      { name: words.signed, value: dayInWords(dayOf(signed_at)) },
    ].filter(({ value }) => value),
  }
}

/** Whether seal, statement and text belong together. */
export function isGenuine(commitment: Schema['Commitment'], keys: Schema['SealKey'][]): boolean {
  const key = keys.find(({ key_id }) => key_id === commitment.key_id)
  if (!key) return false
  const { format, id, text } = JSON.parse(commitment.statement) as Statement
  const isSealed = ed25519.verify(
    fromBase64url(commitment.seal, SEAL_BYTES),
    utf8ToBytes(commitment.statement),
    fromBase64url(key.public_key, KEY_BYTES),
  )
  return isSealed && format === FORMAT && id === commitment.id && bytesToHex(sha256(utf8ToBytes(commitment.text))) === text.sha256
}
