/** How each list was narrowed when it was left: the menu and the path above a page lead back to that. */
import type { LocationQuery, RouteLocationNormalized, RouteLocationRaw } from 'vue-router'

interface Left {
  query: LocationQuery
  filters: unknown
}
const left = new Map<string, Left>()

export function rememberQuery({ name, query, meta }: RouteLocationNormalized): void {
  if (typeof name === 'string' && !meta.open) left.set(name, { query, filters: history.state?.filters })
}

export function asLeft(name: string): RouteLocationRaw {
  const { query = {}, filters = null } = left.get(name) ?? {}
  return { name, query, state: { filters: filters as Record<string, string> | null } }
}
