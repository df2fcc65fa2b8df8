/** Base45 (RFC 9285), held to one text per ticket. */
import { MalformedTicket } from './malformed'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

export function toBase45(raw: Uint8Array): string {
  let text = ''
  for (let i = 0; i < raw.length; i += 2) {
    const isPair = i + 1 < raw.length
    let value = isPair ? raw[i]! * 256 + raw[i + 1]! : raw[i]!
    for (let digit = 0; digit < (isPair ? 3 : 2); digit++) {
      text += DIGITS[value % 45]
      value = Math.floor(value / 45)
    }
  }
  return text
}

export function fromBase45(text: string): Uint8Array {
  const values = Array.from(text, (letter) => DIGITS.indexOf(letter))
  if (values.includes(-1)) throw new MalformedTicket('wrong_alphabet')
  if (values.length % 3 === 1) throw new MalformedTicket('not_canonical')
  const raw: number[] = []
  for (let i = 0; i < values.length; i += 3) {
    const isTriple = i + 2 < values.length
    const value = values[i]! + values[i + 1]! * 45 + (isTriple ? values[i + 2]! * 2025 : 0)
    if (value > (isTriple ? 0xffff : 0xff)) throw new MalformedTicket('not_canonical')
    if (isTriple) raw.push(value >> 8)
    raw.push(value & 0xff)
  }
  return Uint8Array.from(raw)
}
