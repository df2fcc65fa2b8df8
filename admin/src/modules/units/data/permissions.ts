/** What of the units' pages one may use; the service decides again. */
export const READING_UNITS = ['units.read'] as const
export const REVIEWING = ['units.review'] as const
export const MANAGING_UNITS = ['units.manage'] as const
export const READING_UNIT = ['unit.read'] as const
export const SIGNING = ['unit.sign'] as const
export const HANDING_IN = ['unit.hand_in'] as const
