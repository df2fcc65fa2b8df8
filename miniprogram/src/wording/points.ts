/** Points as people read them. */

/** With its sign; nothing gained or lost is a plain 0. */
export function plus(points: string): string {
  if (Number(points) === 0) return '0'
  return points.startsWith('-') ? points.replace('-', '−') : `+${points}`
}

/** "60.0" → "60", where tenths say nothing. */
export const whole = (points: string) => points.replace(/\.0$/, '')
