export const READING_SETTINGS = ['settings.read'] as const
export const CHANGING_SETTINGS = ['settings.change'] as const
