/** What of the shops' pages one may use, of the office or of a unit; the service decides again. */
export const READING = ['units.read', 'unit.read'] as const
export const MANAGING = ['shops.manage', 'unit.shops.manage'] as const
