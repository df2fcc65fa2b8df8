export const READING_SCORE_MODEL = ['score_model.read'] as const
export const WRITING_SCORE_MODEL = ['score_model.edit'] as const
export const APPROVING_SCORE_MODEL = ['score_model.approve'] as const
export const STARTING_RUNS = ['score_runs.start'] as const
