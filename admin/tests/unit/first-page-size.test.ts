import { expect, it } from 'vitest'
import { firstPageSizes, type Chunk } from '../../build/first-page-size'

const chunk = (code: string, imports: string[], more: Partial<Chunk> = {}): Chunk => ({
  code,
  imports,
  isEntry: false,
  facadeModuleId: null,
  ...more,
})
/** So random that it cannot be compressed. */
const noise = (length: number) => Array.from({ length }, (_, i) => String.fromCharCode(33 + ((i * i * 7919 + i * 104729) % 89))).join('')

it('counts what a page and the entry import, each once, and nothing that comes on demand', () => {
  const chunks = new Map([
    ['main', chunk('main', ['vue'], { isEntry: true })],
    ['vue', chunk(noise(4000), [])],
    ['lists', chunk('lists', ['vue'], { facadeModuleId: '/src/modules/units/views/UnitList.vue' })],
    ['figures', chunk('figures', ['vue', 'table'], { facadeModuleId: '/src/modules/figures/views/FiguresPage.vue' })],
    ['table', chunk(noise(2000), ['vue'])],
    ['charts', chunk(noise(90_000), [])],
  ])
  const sizes = firstPageSizes(chunks)
  expect([...sizes.keys()]).toEqual(['lists', 'figures'])
  expect(sizes.get('figures')!).toBeGreaterThan(sizes.get('lists')!)
  expect(sizes.get('figures')!).toBeLessThan(6500)
})
