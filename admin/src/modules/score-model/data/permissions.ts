export const READING_SCORE_MODEL = ['score_model.read'] as const
