/** Base64url without padding, as ids, anchors and signed tickets travel between phone and server. */
import { MalformedTicket } from './malformed'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function toBase64url(raw: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of raw) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += DIGITS[(held >> bits) & 63]
    }
    held &= (1 << bits) - 1
  }
  return bits ? text + DIGITS[(held << (6 - bits)) & 63] : text
}

/** Exactly `length` bytes from the one text that stands for them; else `MalformedTicket`. */
export function fromBase64url(text: string, length: number): Uint8Array {
  if (text.length !== Math.floor((length * 8 + 5) / 6)) throw new MalformedTicket('wrong_length')
  const raw = new Uint8Array(length)
  let held = 0
  let bits = 0
  let at = 0
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter)
    if (digit < 0) throw new MalformedTicket('wrong_alphabet')
    held = (held << 6) | digit
    bits += 6
    if (bits >= 8) {
      bits -= 8
      raw[at++] = (held >> bits) & 0xff
      held &= (1 << bits) - 1
    }
  }
  if (held !== 0) throw new MalformedTicket('not_canonical')
  return raw
}
