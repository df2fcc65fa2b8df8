export const READING_LISTS = ['lists.read'] as const
