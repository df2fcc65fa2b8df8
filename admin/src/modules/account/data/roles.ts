/** The names of roles as people read them beside an account. */
import { zh } from '@/locales/zh'

export function roleNames(codes: readonly string[]): string {
  return codes.map((code) => zh.roles[code] ?? code).join('、')
}
