import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const MOST_KIB = 500

export interface Chunk {
  code: string
  imports: readonly string[]
  isEntry: boolean
  facadeModuleId: string | null
}

/** What must have come before each page can show anything, in bytes compressed; any page may be opened first. */
export function firstPageSizes(chunks: ReadonlyMap<string, Chunk>): Map<string, number> {
  const entry = [...chunks].filter(([, { isEntry }]) => isEntry).map(([name]) => name)
  const pages = [...chunks].filter(([, { facadeModuleId }]) => /\/views\/\w+\.vue$/.test(facadeModuleId ?? ''))
  const size = new Map([...chunks].map(([name, { code }]) => [name, gzipSync(code).length]))
  return new Map(
    pages.map(([name]) => {
      const needed = withImports([...entry, name], chunks)
      return [name, [...needed].reduce((sum, each) => sum + (size.get(each) ?? 0), 0)]
    }),
  )
}

function withImports(names: readonly string[], chunks: ReadonlyMap<string, Chunk>): Set<string> {
  const found = new Set<string>()
  const look = (name: string) => {
    if (found.has(name)) return
    found.add(name)
    chunks.get(name)?.imports.forEach(look)
  }
  names.forEach(look)
  return found
}

/** Ends the build when a page would need too much before it can be read; charts and editors come on demand. */
export function firstPageSize(): Plugin {
  return {
    name: 'first-page-size',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.entries(bundle).flatMap(([name, each]) => (each.type === 'chunk' ? [[name, each] as const] : []))
      const pages = [...firstPageSizes(new Map(chunks))].sort(([, one], [, other]) => other - one)
      const [heaviest, bytes] = pages[0] ?? ['', 0]
      const told = `${heaviest} needs ${Math.ceil(bytes / 1024)} KiB of script, of at most ${MOST_KIB}`
      if (!pages.length || bytes > MOST_KIB * 1024) this.error(`the heaviest page ${told}`)
      this.info(`the heaviest of ${pages.length} pages ${told}`)
    },
  }
}
