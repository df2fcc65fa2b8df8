/** What the contract says about each call, as types: paths, arguments and answers come from `schema.d.ts`. */
import type { components, paths } from './schema'

export type Schema = components['schemas']
export type Method = 'get' | 'post' | 'put' | 'delete'
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: object } ? P : never
}[keyof paths]
export type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O } ? O : never

type JsonOf<R> = R extends { content: { 'application/json': infer T } } ? T : undefined
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never
type PathPartsOf<O> = O extends { parameters: { path: infer Q } } ? Q : never
type JsonBody<R> = R extends { content: { 'application/json': infer B } } ? B : never
type BodyOf<O> = O extends { requestBody?: infer R } ? JsonBody<NonNullable<R>> : never

export type Answer<O> = O extends { responses: infer R } ? JsonOf<R[keyof R & (200 | 201 | 204)]> : never
export type Arguments<O> = ([QueryOf<O>] extends [never] ? { query?: undefined } : { query?: QueryOf<O> }) &
  ([PathPartsOf<O>] extends [never] ? { path?: undefined } : { path: PathPartsOf<O> }) &
  ([BodyOf<O>] extends [never] ? { body?: undefined } : { body: BodyOf<O> }) & {
    /** The key of this action; the same for each try, so that a repeated request has one effect. */
    key?: string
  }
