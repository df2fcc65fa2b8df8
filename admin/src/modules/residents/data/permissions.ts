export const LOOKING_UP = ['residents.look_up'] as const
