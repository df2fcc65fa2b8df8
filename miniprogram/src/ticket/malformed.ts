/** The refusal of everything that is no ticket at all, before any question of trust. */
export type Malformation =
  | 'wrong_length'
  | 'wrong_prefix'
  | 'wrong_alphabet'
  | 'not_canonical'
  | 'unknown_version'
  | 'unknown_algorithm'
  | 'unknown_flag'
  | 'life_out_of_range'
  | 'wrong_step_length'
  | 'step_out_of_range'

/** `reason` says which rule is broken first. People are shown one answer for all of them. */
export class MalformedTicket extends Error {
  constructor(readonly reason: Malformation) {
    super(reason)
    this.name = 'MalformedTicket'
  }
}
