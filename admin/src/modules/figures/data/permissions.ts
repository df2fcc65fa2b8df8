export const READING_FIGURES = ['figures.read'] as const
export const READING_UNIT_FIGURES = ['unit.figures.read'] as const
