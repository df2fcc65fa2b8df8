/** Who signs for a unit, and that it is really that person. */
export const newSignature = () => ({ signer_name: '', signer_position: '', password: '', code: '' })
export type Signature = ReturnType<typeof newSignature>

export const isComplete = ({ code, ...rest }: Signature, needsCode: boolean): boolean =>
  Object.values(rest).every((each) => each.trim()) && (!needsCode || code.trim() !== '')

/** Without a second factor there is no code. */
export const signatureSent = ({ code, ...rest }: Signature) => ({ ...rest, code: code.trim() || null })
