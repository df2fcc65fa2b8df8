/** WeChat's own compilers take every template and every style sheet, and every template can be drawn. */
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { BUILT, files, filesEnding, textOf } from './built'

const TOOLS = join(dirname(createRequire(import.meta.url).resolve('miniprogram-compiler/package.json')), 'bin/linux')
const MOST_OUTPUT = 2 ** 28
const relative = (some: string[]) => some.map((file) => `./${file}`)

function compile(tool: 'wcc' | 'wcsc', options: string[]) {
  const path = join(TOOLS, tool)
  // The package arrives without the right to run its own programs.
  chmodSync(path, 0o755)
  return spawnSync(path, options, { cwd: BUILT, maxBuffer: MOST_OUTPUT, encoding: 'utf8' })
}

/** Each component with the names it uses, in the order and count that wcc expects. */
function usedComponents(): string {
  const users = filesEnding('.json').flatMap((file) => {
    const template = file.replace(/json$/, 'wxml')
    const used = (JSON.parse(textOf(file)) as { usingComponents?: object }).usingComponents
    return used && files.includes(template) ? [[template, Object.keys(used)] as const] : []
  })
  return [users.length, ...users.flatMap(([template, names]) => [template, names.length, ...names])].join(' ')
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the compilers of WeChat', () => {
  it('take every template, and what they make can be drawn', () => {
    const templates = relative(filesEnding('.wxml'))
    const { status, stdout, stderr } = compile('wcc', ['-d', '-cc', usedComponents(), ...templates, ...relative(filesEnding('.wxs')), '-gn', '$gwx'])
    expect(stderr.trim()).toBe('')
    expect(status).toBe(0)

    const wrong: string[] = []
    // A missing import is told only while drawing, and only in the log.
    const log = (...words: unknown[]) => void (/WXMLRT/.test(words.join(' ')) && wrong.push(words.join(' ')))
    const world = createContext({ console: { log, warn: log, error: log, info: log }, window: {}, navigator: {}, __wxAppCode__: {} })
    runInContext(`${stdout}\n;this.drawer = $gwx`, world)
    const drawer = (world as { drawer: (template: string) => unknown }).drawer
    for (const template of templates) {
      const draw = drawer(template)
      if (typeof draw === 'function') draw({}, {}, {})
      else wrong.push(`${template}: nothing to draw`)
    }
    expect(wrong).toEqual([])
  })

  it('take every style sheet', () => {
    const sheets = relative(filesEnding('.wxss'))
    const { status, stderr } = compile('wcsc', ['-db', '-pc', String(sheets.length), ...sheets])
    expect(stderr.trim()).toBe('')
    expect(status).toBe(0)
  })
})
