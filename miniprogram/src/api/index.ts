/** The one client of the app. Pages call it through `data/` of their domain. */
import { apiBase } from '@/platform/addresses'
import { exclusively } from '@/platform/exclusive'
import { randomText } from '@/platform/random'
import { send } from '@/platform/request'
import * as storage from '@/platform/storage'
import { createClient } from './client'
import { forgetHeld } from './held'
import { Tokens } from './tokens'

export const tokens = new Tokens(storage)
tokens.onForgotten((audience) => audience === 'resident' && forgetHeld())
export const newKey = () => randomText(16)
export const call = createClient({ send, tokens, exclusively, randomKey: newKey, baseUrl: apiBase })

export type { Schema } from './contract'
export { ApiError, NetworkFailure, SignedOut, hasCode } from './problems'
