/** What of the pages of sources and batches one may use; the service decides again. */
export const READING_RECORDS = ['records.read'] as const
export const DELIVERING = ['records.deliver'] as const
export const MANAGING_SOURCES = ['sources.manage'] as const
