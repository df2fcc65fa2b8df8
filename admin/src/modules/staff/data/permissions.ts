/** What of the staff pages one may use; the service decides again. */
const OFFICE = { read: 'staff.read', invite: 'staff.invite', manage: 'staff.manage' }
const OWN_UNIT = 'unit.staff.manage'

export const READING_STAFF = [OFFICE.read, OWN_UNIT] as const
export const READING_ROLES = [OFFICE.read] as const
export const INVITING = [OFFICE.invite, OWN_UNIT] as const
export const MANAGING = [OFFICE.manage, OWN_UNIT] as const
