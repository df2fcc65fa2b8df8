/** Days and times as people say them, counted in China's time wherever the phone is. */
const CHINA_AHEAD_MS = 8 * 3600 * 1000

/** "2027-12-31" → "2027年12月31日" */
export function dayInWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** "2027-12-31" → "12月31日", where the year goes without saying. */
export function shortDay(day: string): string {
  return dayInWords(day).replace(/^\d+年/, '')
}

/** An instant → "2026-11-29", the day in China. */
export function dayOf(instant: string | number): string {
  return inChina(instant).toISOString().slice(0, 10)
}

/** The last whole day before something ends: what ends at midnight could still be used the day before. */
export function lastDayBefore(end: string): string {
  return dayOf(new Date(end).getTime() - 1)
}

/** An instant → "11月29日 14:05" */
export function momentInWords(instant: string | number): string {
  const at = inChina(instant)
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${clockOf(instant)}`
}

/** An instant → "14:05" */
export function clockOf(instant: string | number): string {
  return inChina(instant).toISOString().slice(11, 16)
}

function inChina(instant: string | number): Date {
  return new Date(new Date(instant).getTime() + CHINA_AHEAD_MS)
}
