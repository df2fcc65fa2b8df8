import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import pages from '../../src/pages.json'

const SRC = join(process.cwd(), 'src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(ts|vue)$/.test(file) && !file.endsWith('.d.ts') && !file.endsWith('.test.ts'),
)
const textOf = (file: string) => readFileSync(join(SRC, file), 'utf8')
const importsOf = (file: string) =>
  [...textOf(file).matchAll(/from '((?:@\/|\.)[^']+)'/g)].map(([, path]) =>
    path!.startsWith('@/') ? path!.slice(2) : relative(SRC, join(SRC, dirname(file), path!)),
  )
const packageOf = (file: string) => /^pkg-[a-z]+/.exec(file)?.[0] ?? 'main'

describe('the parts of the app', () => {
  it('let only the platform touch uni and wx', () => {
    const touching = files.filter((file) => !file.startsWith('platform/') && /\b(uni|wx)\.\w+\(/.test(textOf(file)))
    expect(touching).toEqual([])
  })

  it('import from their own package and from the main one, as WeChat can load no other', () => {
    const crossing = files.flatMap((file) =>
      importsOf(file)
        .filter((path) => packageOf(path) !== 'main' && packageOf(path) !== packageOf(file))
        .map((path) => `${file} → ${path}`),
    )
    expect(crossing).toEqual([])
  })

  it('leave requests to the data of a domain and to the stores', () => {
    const asking = files.filter(
      (file) => (file.endsWith('.vue') || file.startsWith('components/')) && /\bcall\('/.test(textOf(file)),
    )
    expect(asking).toEqual([])
  })

  it('stay under 400 lines', () => {
    expect(files.filter((file) => textOf(file).split('\n').length > 400)).toEqual([])
  })

  it('register every page that exists, and no other', () => {
    const packages = 'subPackages' in pages ? (pages.subPackages as { root: string; pages: { path: string }[] }[]) : []
    const registered = [
      ...pages.pages.map(({ path }) => path),
      ...packages.flatMap(({ root, pages }) => pages.map(({ path }) => `${root}/${path}`)),
    ]
    const existing = files.filter((file) => /^(pages|pkg-[a-z]+)\/[\w-]+\/index\.vue$/.test(file))
    expect(registered.map((path) => `${path}.vue`).sort()).toEqual(existing.sort())
  })
})
