/** Times and numbers as people here read them; the clock is China's wherever the browser stands. */
const ZONE = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const plain = new Intl.NumberFormat('zh-CN')

/** `2026-11-29 09:30`, or a dash when it never was. */
export function dateTime(time: string | null | undefined): string {
  if (!time) return '—'
  const part = Object.fromEntries(parts.formatToParts(new Date(time)).map(({ type, value }) => [type, value]))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}

/** `2026-11-29`, the day it is in China. */
export const dayOf = (time: number): string => dateTime(new Date(time).toISOString()).slice(0, 10)

/** Money is kept in fen. */
export const yuan = (fen: number): string => `${plain.format(fen / 100)} 元`

/** `12.5%` of a whole. */
export const percent = (part: number, whole: number): string => `${plain.format(Math.round((part / whole) * 1000) / 10)}%`

export function count(number: number): string {
  return plain.format(number)
}

/** `12:05` for what is left of a time. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
