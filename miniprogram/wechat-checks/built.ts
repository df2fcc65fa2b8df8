/** What `npm run build:mp-weixin` has made, as WeChat would receive it. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const BUILT = resolve(import.meta.dirname, '../dist/build/mp-weixin')
if (!existsSync(join(BUILT, 'app.json'))) throw new Error('build it first: npm run build:mp-weixin')

export interface AppJson {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  __usePrivacyCheck__?: boolean
  requiredPrivateInfos?: string[]
  permission?: Record<string, { desc: string }>
}

export const textOf = (file: string) => readFileSync(join(BUILT, file), 'utf8')
export const sizeOf = (file: string) => statSync(join(BUILT, file)).size
export const app = JSON.parse(textOf('app.json')) as AppJson
export const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(BUILT, file)).isFile())
export const filesEnding = (end: string) => files.filter((file) => file.endsWith(end))

export const packages = app.subPackages ?? []
export const pages = [...app.pages, ...packages.flatMap(({ root, pages: own }) => own.map((page) => `${root}/${page}`))]
