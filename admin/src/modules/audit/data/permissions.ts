export const READING_AUDIT = ['audit.read'] as const
