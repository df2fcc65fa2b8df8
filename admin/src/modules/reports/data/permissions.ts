/** What of the reports' pages one may use, of the office or of a unit; the service decides again. */
export const READING = ['reports.read', 'unit.read'] as const
export const ANSWERING = ['unit.reports.answer'] as const
export const CLOSING = ['reports.close'] as const
