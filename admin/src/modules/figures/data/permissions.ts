export const READING_FIGURES = ['figures.read'] as const
