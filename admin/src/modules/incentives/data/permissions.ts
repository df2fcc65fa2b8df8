/** What of the incentives one may use; the service decides again. */
const UNIT = { edit: 'unit.incentives.edit', run: 'unit.incentives.run' }
const OFFICE = { read: 'incentives.read', edit: 'incentives.edit', review: 'incentives.review', run: 'incentives.run' }

export const READING = [UNIT.edit, OFFICE.read] as const
export const WRITING = [UNIT.edit, OFFICE.edit] as const
export const RUNNING = [UNIT.run, OFFICE.run] as const
export const REVIEWING = [OFFICE.review] as const
