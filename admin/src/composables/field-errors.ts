/** What the service found wrong, field by field. */
import { ApiError } from '@/api'

export function errorsOf(failure: unknown, field: string): readonly string[] {
  return failure instanceof ApiError ? (failure.errors[field] ?? []) : []
}
