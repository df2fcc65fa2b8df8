/** What the contract says about each call, as types made from `schema.d.ts`. */
import type { paths } from './schema'

/** The contract without headers: the client sends them by itself, so no call has to name them. */
export type Contract = {
  [P in keyof paths]: {
    [M in keyof paths[P]]: paths[P][M] extends { parameters: infer A }
      ? Omit<paths[P][M], 'parameters'> & { parameters: Omit<A, 'header'> & { header?: never } }
      : paths[P][M]
  }
}

type Method = 'get' | 'post' | 'put' | 'delete'
type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O } ? O : never
type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined

/** What a call answers, by method and path. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R } ? Json<R[keyof R & (200 | 201)]> : never

/** What a call is sent. */
export type Body<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { requestBody?: { content: { 'application/json': infer T } } } ? T : never

/** What a list can be asked. */
export type Query<P extends keyof paths> = Operation<'get', P> extends { parameters: { query?: infer Q } } ? Q : never
