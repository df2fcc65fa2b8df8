/** WeChat's upload would take the package, and finds nothing to complain about. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BUILT } from './built'

interface Item {
  name: string
  success: boolean
  detail?: { size?: number } & Record<string, unknown>
}
const MIB = 1024 * 1024
/** What several sub-packages share stands in the main package, by our own rule; it has to stay little. */
const SHARED = 'CONTAINS_OTHER_PKG_JS'
const SHARED_MOST = 40 * 1024
const scratch = mkdtempSync(join(tmpdir(), 'upload-'))
let items: Item[]

beforeAll(() => {
  const program = resolve(import.meta.dirname, 'upload.cjs')
  const { status, stderr } = spawnSync(process.execPath, [program, BUILT], { cwd: scratch, encoding: 'utf8', timeout: 240_000 })
  if (status !== 0) throw new Error(stderr)
  items = JSON.parse(readFileSync(join(scratch, 'report.json'), 'utf8')) as Item[]
}, 250_000)
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('passes every item of the report', () => {
  expect(items.length).toBeGreaterThan(0)
  const isLittle = ({ name, detail }: Item) => name === SHARED && (detail?.size ?? Infinity) < SHARED_MOST
  expect(items.filter((item) => !item.success && !isLittle(item))).toEqual([])
})

it('stays under 2 MiB in each package, as compiled', () => {
  const sizes = items.find(({ name }) => name === 'PACKAGE_SIZE_LIMIT')?.detail ?? {}
  expect(Object.keys(sizes)).not.toEqual([])
  expect(Object.entries(sizes).filter(([, bytes]) => Number(bytes) > 2 * MIB)).toEqual([])
})
