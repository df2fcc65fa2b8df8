/** A QR code as a picture in a `data:` URI: a GIF of two colours, made without canvas or DOM. */
import { encode } from 'uqr'

const QUIET_ZONE = 4
const PIXELS_PER_MODULE = 8
/** GIF allows no fewer, even for two colours. */
const CODE_BITS = 2
const LONGEST_CODE_BITS = 12

export function qrPicture(text: string): string {
  const { data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  return `data:image/gif;base64,${toBase64(gif(data))}`
}

function gif(modules: boolean[][]): number[] {
  const side = modules.length * PIXELS_PER_MODULE
  const size = [side & 0xff, side >> 8, side & 0xff, side >> 8]
  const white = [255, 255, 255]
  const black = [0, 0, 0]
  return [
    ...[...letters('GIF87a'), ...size, 0x80, 0, 0, ...white, ...black],
    ...[0x2c, 0, 0, 0, 0, ...size, 0, CODE_BITS],
    ...blocks(compress(pixelsOf(modules))),
    0x3b,
  ]
}

function pixelsOf(modules: boolean[][]): number[] {
  return modules.flatMap((row) => {
    const line = row.flatMap((dark) => new Array<number>(PIXELS_PER_MODULE).fill(dark ? 1 : 0))
    return new Array<number[]>(PIXELS_PER_MODULE).fill(line).flat()
  })
}

/** GIF's own compression (LZW): each code stands for a run of pixels that came before. */
function compress(pixels: number[]): number[] {
  const clear = 1 << CODE_BITS
  const bytes: number[] = []
  let held = 0
  let heldBits = 0
  let width = CODE_BITS + 1
  let known = new Map<number, number>()
  let next = clear + 2

  const write = (code: number) => {
    held |= code << heldBits
    heldBits += width
    for (; heldBits >= 8; heldBits -= 8) {
      bytes.push(held & 0xff)
      held >>>= 8
    }
  }
  const startAnew = () => {
    write(clear)
    width = CODE_BITS + 1
    known = new Map()
    next = clear + 2
  }

  startAnew()
  let run = pixels[0]!
  for (const pixel of pixels.slice(1)) {
    const longer = run * 4 + pixel
    const code = known.get(longer)
    if (code !== undefined) {
      run = code
      continue
    }
    write(run)
    run = pixel
    if (next === 1 << LONGEST_CODE_BITS) {
      startAnew()
      continue
    }
    if (next === 1 << width) width++
    known.set(longer, next++)
  }
  write(run)
  write(clear + 1)
  if (heldBits) bytes.push(held & 0xff)
  return bytes
}

function blocks(bytes: number[]): number[] {
  const out: number[] = []
  for (let i = 0; i < bytes.length; i += 255) {
    const block = bytes.slice(i, i + 255)
    out.push(block.length, ...block)
  }
  out.push(0)
  return out
}

const letters = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function toBase64(bytes: number[]): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(i, i + 3)
    const word = (a << 16) | (b << 8) | c
    text += BASE64[word >> 18]! + BASE64[(word >> 12) & 63]!
    text += i + 1 < bytes.length ? BASE64[(word >> 6) & 63]! : '='
    text += i + 2 < bytes.length ? BASE64[word & 63]! : '='
  }
  return text
}
