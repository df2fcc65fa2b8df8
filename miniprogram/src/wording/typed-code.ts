/** Codes of eight characters that people read out and type. None of the 31 looks like another. */
export const CODE_LENGTH = 8
const CHARACTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const BETWEEN_GROUPS = /[\s‐-―_-]/g

/** "7KMP3XQW" → "7KMP-3XQW", also while it is being typed. */
export function grouped(code: string): string {
  return code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code
}

/** What somebody typed, however: small, full-width, in groups. Characters that are in no code stay in it. */
export function tidyTyped(typed: string): string {
  return typed.normalize('NFKC').replace(BETWEEN_GROUPS, '').toUpperCase()
}

/** The first character that is in no code. */
export function findWrongCharacter(code: string): string | null {
  return [...code].find((character) => !CHARACTERS.includes(character)) ?? null
}

export function isWholeCode(code: string): boolean {
  return code.length === CODE_LENGTH && findWrongCharacter(code) === null
}
