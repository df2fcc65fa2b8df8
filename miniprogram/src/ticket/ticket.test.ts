import jsQR from 'jsqr'
import { describe, expect, it } from 'vitest'
import vectors from '../../../tests/backend/vouchers/ticket/vectors.json'
import { fromBase45, toBase45 } from './base45'
import { fromBase64url, toBase64url } from './base64url'
import { ascii, joined } from './bytes'
import { linkAt } from './chain'
import { judge, type PublicTicketKey } from './judge'
import { pack, stepsIn, unpack } from './layout'
import { MalformedTicket } from './malformed'
import { anchorToSign, draw, show } from './phone'
import { qrPicture } from './picture'
import { decode, encode } from './text'

const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const ticketId = hex(vectors.ticket_id)
const top = hex(vectors.seed_cn)
const signed = joined(hex(vectors.body), hex(vectors.signature))
const ticket = { ticketId, top, lifeMinutes: vectors.life_minutes }
const steps = Object.entries(vectors.steps).map(([i, step]) => ({ i: Number(i), ...step }))
const momentOf = (i: number) => vectors.not_before + (i - 1) * vectors.step_seconds
const key: PublicTicketKey = {
  keyId: vectors.key_id,
  algorithm: 1,
  publicKey: hex(vectors.public_key),
  validFrom: vectors.not_before - 10,
  validUntil: vectors.not_before + 90 * 86_400,
}
const reasonOf = (text: string) => {
  try {
    decode(text)
  } catch (error) {
    return error instanceof MalformedTicket ? error.reason : error
  }
  return 'accepted'
}

describe('the ticket reproduces the published vectors', () => {
  it('hashes down to the anchor', () => {
    expect(toHex(anchorToSign(ticket))).toBe(vectors.anchor_c0)
  })

  it('reads and writes the body byte for byte', () => {
    const body = unpack(hex(vectors.body))
    expect(body.offer).toBe(vectors.offer)
    expect(body.notBefore).toBe(vectors.not_before)
    expect(toHex(pack(body))).toBe(vectors.body)
  })

  it.each(steps)('shows step $i', ({ i, c, text }) => {
    expect(toHex(linkAt(ticketId, top, stepsIn(240), i))).toBe(c)
    expect(encode(signed, i, hex(c))).toBe(text)
    expect(show(ticket, signed, momentOf(i))).toBe(text)
    expect(show(ticket, signed, momentOf(i) + 29.9)).toBe(text)
  })

  it.each(steps)('finds step $i good in its time', ({ i, text }) => {
    expect(judge(decode(text), [key], momentOf(i))).toBe('valid')
  })
})

describe('a till', () => {
  const { text, c } = vectors.steps['10']
  const shown = decode(text)
  const at = momentOf(10)

  it('takes a step up to two away and refuses a photo', () => {
    expect(judge(shown, [key], at - 60)).toBe('valid')
    expect(judge(shown, [key], at + 60)).toBe('valid')
    expect(judge(shown, [key], at + 90)).toBe('stale_step')
    expect(judge(shown, [key], at - 61)).toBe('stale_step')
  })

  it('believes only the keys it has, in their time', () => {
    expect(judge(shown, [], at)).toBe('unknown_key')
    expect(judge(shown, [{ ...key, validUntil: at }], at)).toBe('key_not_in_force')
    expect(judge(shown, [{ ...key, algorithm: 3 }], at)).toBe('bad_signature')
    expect(judge(shown, [{ ...key, publicKey: ticketId }], at)).toBe('bad_signature')
  })

  it('refuses a changed offer, a strange link, and every moment outside the life', () => {
    const forged = signed.slice()
    forged[15]! ^= 1
    expect(judge(decode(encode(forged, 10, hex(c))), [key], at)).toBe('bad_signature')
    expect(judge(decode(encode(signed, 10, hex(vectors.steps['1'].c))), [key], at)).toBe('broken_chain')
    expect(judge(decode(vectors.steps['1'].text), [key], vectors.not_before - 1)).toBe('not_yet')
    expect(judge(decode(vectors.steps['480'].text), [key], vectors.not_before + 240 * 60)).toBe('expired')
  })
})

describe('decoding is strict', () => {
  const { text, c } = vectors.steps['1']
  const withByte = (at: number, value: number) => {
    const changed = signed.slice()
    changed[at] = value
    return encode(changed, 1, hex(c))
  }

  it.each([
    ['wrong_length', `${text} `],
    ['wrong_length', text.slice(0, -1)],
    ['wrong_prefix', `hs1:${text.slice(4)}`],
    ['wrong_alphabet', `${text.slice(0, -1)}a`],
    ['wrong_alphabet', `${text.slice(0, -1)}\n`],
    ['not_canonical', `HS1::::${text.slice(7)}`],
    ['unknown_version', withByte(0, 0x21)],
    ['unknown_algorithm', withByte(0, 0x14)],
    ['unknown_flag', withByte(24, 8)],
    ['wrong_step_length', withByte(25, 31)],
    ['step_out_of_range', encode(signed, 0, hex(c))],
    ['step_out_of_range', encode(signed, 481, hex(c))],
  ])('%s', (reason, wrong) => expect(reasonOf(wrong)).toBe(reason))

  it('knows the limits of a life', () => {
    const changed = signed.slice()
    changed[22] = 0xff
    expect(reasonOf(encode(changed, 1, hex(c)))).toBe('life_out_of_range')
  })
})

describe('the phone', () => {
  it('draws another ticket each time, from the randomness it is given', async () => {
    let next = 0
    const drawn = await draw(async (length) => new Uint8Array(length).fill(++next), 1)
    expect([toHex(drawn.ticketId), toHex(drawn.top)]).toEqual(['01'.repeat(12), '02'.repeat(16)])
  })

  it('shows nothing that was signed for another ticket, nor outside its life', () => {
    expect(() => show({ ...ticket, top: ticketId }, signed, momentOf(1))).toThrow('not the one')
    expect(() => show({ ...ticket, lifeMinutes: 60 }, signed, momentOf(1))).toThrow('not the one')
    expect(() => show(ticket, signed, momentOf(1) - 1)).toThrow('before or after')
    expect(() => show(ticket, signed, momentOf(481))).toThrow('before or after')
  })
})

describe('the two alphabets', () => {
  it('follow the examples of RFC 9285', () => {
    expect(toBase45(ascii('Hello!!'))).toBe('%69 VD92EX0')
    expect(toBase45(ascii('ietf!'))).toBe('QED8WEX0')
    expect(fromBase45('QED8WEX0')).toEqual(ascii('ietf!'))
    expect(() => fromBase45('GGW')).toThrow('not_canonical')
    expect(() => fromBase45('A')).toThrow('not_canonical')
  })

  it('write base64url without padding, one text per value', () => {
    for (const length of [0, 1, 2, 3, 12, 16, 106]) {
      const raw = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff)
      const text = toBase64url(raw)
      expect(text).toBe(Buffer.from(raw).toString('base64url'))
      expect(fromBase64url(text, length)).toEqual(raw)
    }
    expect(() => fromBase64url('AB', 1)).toThrow('not_canonical')
    expect(() => fromBase64url('A+', 1)).toThrow('wrong_alphabet')
    expect(() => fromBase64url('AAA', 1)).toThrow('wrong_length')
  })
})

it('draws a picture that a QR reader reads', () => {
  const { text } = vectors.steps['2']
  const picture = qrPicture(text)
  expect(picture.startsWith('data:image/gif;base64,')).toBe(true)
  expect(picture.length).toBeLessThan(16_000)
  const { pixels, side } = readGif(Buffer.from(picture.split(',')[1]!, 'base64'))
  expect(side).toBe((49 + 8) * 8)
  expect(jsQR(pixels, side, side)?.data).toBe(text)
})

/** Enough of a GIF reader for one picture of two colours. */
function readGif(file: Buffer): { pixels: Uint8ClampedArray; side: number } {
  const side = file.readUInt16LE(6)
  let at = 13 + 2 * 3 + 10
  expect(file[at++]).toBe(2)
  const data: number[] = []
  for (let size = file[at++]!; size; size = file[at++]!) {
    data.push(...file.subarray(at, at + size))
    at += size
  }
  const dark = expand(data)
  expect(dark.length).toBe(side * side)
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  dark.forEach((isDark, index) => isDark && pixels.fill(0, index * 4, index * 4 + 3))
  return { pixels, side }
}

function expand(data: number[]): number[] {
  const pixels: number[] = []
  let runs: number[][] = []
  let width = 3
  let last: number[] | null = null
  for (let bit = 0; ; ) {
    let code = 0
    for (let i = 0; i < width; i++, bit++) code |= ((data[bit >> 3]! >> (bit & 7)) & 1) << i
    if (code === 5) return pixels
    if (code === 4) {
      runs = [[0], [1], [2], [3], [], []]
      width = 3
      last = null
      continue
    }
    const run: number[] = runs[code] ?? [...last!, last![0]!]
    if (last) runs.push([...last, run[0]!])
    if (runs.length === 1 << width && width < 12) width++
    pixels.push(...run)
    last = run
  }
}
