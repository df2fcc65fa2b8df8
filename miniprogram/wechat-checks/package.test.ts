/** What WeChat asks of a package before anybody runs it: sizes, pages, and what touches privacy. */
import { describe, expect, it } from 'vitest'
import manifest from '../src/manifest.json'
import { PRIVATE_CALLS } from '../src/platform/privacy'
import { COUNTED_AS_PRIVATE } from '../tests/unit/private-calls'
import { app, files, filesEnding, packages, pages, sizeOf, textOf } from './built'

const KIB = 1024
const MAIN_MOST = 1024 * KIB
const PAGE_MOST = 300 * KIB
const PARTS = ['js', 'json', 'wxml', 'wxss']
const sum = (some: string[]) => some.reduce((bytes, file) => bytes + sizeOf(file), 0)
const kib = (bytes: number) => Math.round(bytes / KIB)
const inPackage = (file: string) => packages.some(({ root }) => file.startsWith(`${root}/`))

describe('sizes', () => {
  it('keep the main package under 1 MiB', () => {
    const main = sum(files.filter((file) => !inPackage(file)))
    console.log(`main package ${kib(main)} KiB, ${packages.map(({ root }) => `${root} ${kib(sum(files.filter((file) => file.startsWith(`${root}/`))))}`).join(', ')}`)
    expect(main).toBeLessThan(MAIN_MOST)
  })

  it('keep each page, with its style and its template, under 300 KiB', () => {
    const large = pages.filter((page) => sum(files.filter((file) => file.startsWith(`${page}.`))) >= PAGE_MOST)
    expect(large).toEqual([])
  })
})

describe('pages', () => {
  it('are all there, in their parts', () => {
    const missing = pages.flatMap((page) => PARTS.map((part) => `${page}.${part}`)).filter((file) => !files.includes(file))
    // A page without any style of its own needs no style sheet.
    expect(missing.filter((file) => !file.endsWith('.wxss'))).toEqual([])
  })

  it('are all registered', () => {
    const templates = filesEnding('.wxml').map((file) => file.replace(/\.wxml$/, ''))
    const existing = templates.filter((file) => /^(pages|pkg-[a-z]+)\/[\w-]+\/index$/.test(file))
    expect(existing.sort()).toEqual([...pages].sort())
  })
})

describe('privacy', () => {
  it('is declared in the package as in the source', () => {
    const { __usePrivacyCheck__: isAsked, requiredPrivateInfos: places, permission } = manifest['mp-weixin']
    expect(app.__usePrivacyCheck__).toBe(isAsked)
    expect(app.requiredPrivateInfos).toEqual(places)
    expect(app.permission).toEqual(permission)
  })

  it('is touched by no call that is not on the list, not even in a library', () => {
    const code = filesEnding('.js').filter((file) => file !== 'common/vendor.js').map(textOf).join('\n')
    const made = COUNTED_AS_PRIVATE.filter((name) => new RegExp(`\\.${name}\\(`).test(code))
    const declared: readonly string[] = PRIVATE_CALLS
    expect(made.filter((name) => !declared.includes(name))).toEqual([])
  })
})
