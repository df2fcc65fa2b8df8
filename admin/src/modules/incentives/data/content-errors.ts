/** What the service found wrong in a field of the content, or in one of its lines. */
import { ApiError } from '@/api'

export function errorsIn(failure: unknown, field: string): string[] {
  if (!(failure instanceof ApiError)) return []
  const place = `content.${field}`
  return Object.entries(failure.errors)
    .filter(([name]) => name === place || name.startsWith(`${place}.`))
    .flatMap(([, texts]) => texts)
}
