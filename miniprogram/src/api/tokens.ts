/** The tokens of the two kinds of session. Nothing else about a person is kept here. */
export type Audience = 'resident' | 'merchant'

export interface TokenPair {
  access_token: string
  refresh_token: string
}

export interface TokenStore {
  read(key: string): TokenPair | null
  write(key: string, pair: TokenPair): void
  remove(key: string): void
}

const keyOf = (audience: Audience) => `session.${audience}`

/** Reads the store each time, because another tab of the same browser may have renewed the pair. */
export class Tokens {
  private readonly listeners = new Set<(audience: Audience) => unknown>()

  constructor(private readonly store: TokenStore) {}

  pair(audience: Audience): TokenPair | null {
    return this.store.read(keyOf(audience))
  }

  keep(audience: Audience, { access_token, refresh_token }: TokenPair): void {
    this.store.write(keyOf(audience), { access_token, refresh_token })
  }

  forget(audience: Audience): void {
    this.store.remove(keyOf(audience))
    for (const listener of this.listeners) listener(audience)
  }

  /** Hear when a session is over, whoever ended it. */
  onForgotten(listener: (audience: Audience) => unknown): void {
    this.listeners.add(listener)
  }
}
