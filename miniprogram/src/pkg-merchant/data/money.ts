/** Amounts as people write them. The service counts in fen, never with a fraction. */
const MOST_FEN = 10 ** 11
const YUAN = /^(\d{1,9})(?:\.(\d{1,2}))?$/

/** "12.5" → 1250, "" → null; undefined when it is no amount. */
export function fenOf(written: string): number | null | undefined {
  const text = written.trim().replace(/[,，￥¥元\s]/g, '')
  if (!text) return null
  const [, yuan, cents = ''] = YUAN.exec(text) ?? []
  if (yuan === undefined) return undefined
  const fen = Number(yuan) * 100 + Number(cents.padEnd(2, '0'))
  return fen <= MOST_FEN ? fen : undefined
}

/** 123456 → "1,234.56 元" */
export function yuanInWords(fen: number): string {
  const yuan = Math.floor(fen / 100)
  const cents = fen % 100
  const grouped = String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${grouped}${cents ? `.${String(cents).padStart(2, '0')}` : ''} 元`
}
