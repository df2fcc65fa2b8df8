/** The code for the window in two halves, easier to read out and to type. */
export const inHalves = (code: string) => [code.slice(0, code.length / 2), code.slice(code.length / 2)]

/** Letter by letter, for a screen reader. */
export const spelled = (code: string) => [...code].join(' ')
