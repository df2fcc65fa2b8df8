/** Choosing roles: which there are for whom, and which exclude each other. */
import { zh } from '@/locales/zh'

const OFFICE = ['programme_manager', 'reviewer', 'score_keeper', 'case_officer', 'window_clerk']
export const ADMINISTRATORS: readonly string[] = ['system_admin', 'security_admin', 'audit_admin']
const PARTNER = ['unit_manager', 'unit_editor']

export interface RoleChoice {
  code: string
  name: string
  isAdministrator: boolean
}

export function rolesFor(kind: 'office' | 'partner'): RoleChoice[] {
  const codes = kind === 'partner' ? PARTNER : [...OFFICE, ...ADMINISTRATORS]
  return codes.map((code) => ({ code, name: zh.roles[code] ?? code, isAdministrator: ADMINISTRATORS.includes(code) }))
}

/** Nobody holds two of the administrators' roles: choosing one gives back the other. */
export function toggled(roles: readonly string[], code: string): string[] {
  if (roles.includes(code)) return roles.filter((each) => each !== code)
  const isAdministrator = ADMINISTRATORS.includes(code)
  return [...roles.filter((each) => !isAdministrator || !ADMINISTRATORS.includes(each)), code]
}

/** Whether two people chose the same, whatever the order. */
export const areSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each))
