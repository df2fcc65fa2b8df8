import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.(ts|vue)$/.test(file) && !file.endsWith('.d.ts') && !file.endsWith('.test.ts'),
)
const textOf = (file: string) => readFileSync(join(SRC, file), 'utf8')
const importsOf = (file: string) => [...textOf(file).matchAll(/from '(@\/[^']+)'/g)].map(([, path]) => path!.slice(2))
// A part imports only what stands before it.
const ORDER = ['locales', 'api', 'formats', 'composables', 'stores', 'ui', 'modules', 'app']
const partOf = (path: string) => ORDER.indexOf(path.split('/')[0]!.replace(/\.(ts|vue)$/, ''))

describe('the parts of the console', () => {
  it('import one way', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((path) => partOf(file) >= 0 && partOf(path) > partOf(file))
        .map((path) => `${file} → ${path}`),
    )
    expect(wrong).toEqual([])
  })

  it('leave requests to the data of a module and to the session', () => {
    const asking = files.filter((file) => file.endsWith('.vue') && /\bclient\b\.|\bfetch\(/.test(textOf(file)))
    expect(asking).toEqual([])
  })

  it('stay under 400 lines', () => {
    expect(files.filter((file) => textOf(file).split('\n').length > 400)).toEqual([])
  })

  it('take no icon by name, which would be loaded from elsewhere', () => {
    expect(files.filter((file) => /\bIcon\b[ ,}].*tdesign|<t-icon|<Icon[ />]/.test(textOf(file)))).toEqual([])
  })

  it('show people words of the locale files only', () => {
    const withChinese = files.filter(
      (file) => file.endsWith('.vue') && /[\u4e00-\u9fff]/.test(textOf(file).replace(/<!--[\s\S]*?-->/g, '')),
    )
    expect(withChinese).toEqual([])
  })
})
