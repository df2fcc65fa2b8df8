/** Whether it can be a resident identity number (GB 11643): a typing mistake is told before it is sent. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

export function tidyIdNumber(typed: string): string {
  return typed.replace(/\s/g, '').toUpperCase()
}

export function isIdNumber(typed: string): boolean {
  const number = tidyIdNumber(typed)
  if (!/^\d{17}[\dX]$/.test(number)) return false
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return CHECKS[sum % 11] === number[17] && isDay(number.slice(6, 14))
}

function isDay(text: string): boolean {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number) as [number, number, number]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
