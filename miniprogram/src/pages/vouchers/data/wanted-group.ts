/** Which of my vouchers to show next. A tab's address carries nothing, so who leads there leaves it here. */
import type { Group } from './voucher-rows'

let wanted: Group | null = null

export function wantGroup(group: Group): void {
  wanted = group
}

/** The group somebody asked for, once. */
export function takeWantedGroup(): Group | null {
  const group = wanted
  wanted = null
  return group
}
