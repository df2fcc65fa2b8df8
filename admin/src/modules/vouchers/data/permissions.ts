export const READING_LISTS = ['lists.read'] as const
export const EXPORTING = ['lists.export'] as const
