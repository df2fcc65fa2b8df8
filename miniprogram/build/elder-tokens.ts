import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const WRITTEN = fileURLToPath(new URL('../src/theme/tdesign.generated.css', import.meta.url))
const SHEET = '@tdesign/uniapp/common/style/theme/index.css'
const FONT_TOKEN = /--td-(?:font-(?!white|gray)|line-height-)[\w-]+:[^;]+;/g
const LARGER = 1.35

/**
 * TDesign's type for the elder theme. Its `--td-font-*` shorthands are computed where they are declared,
 * so a larger theme has to declare all of them again, not only the sizes they are made of.
 */
export function elderTokens(): Plugin {
  return {
    name: 'elder-tokens',
    config() {
      const sheet = readFileSync(createRequire(import.meta.url).resolve(SHEET), 'utf8')
      const tokens = (sheet.match(FONT_TOKEN) ?? []).map((token) =>
        token.replace(/\s+/g, ' ').replace(/(\d+)px/g, (_, size: string) => `${Math.round(Number(size) * LARGER)}px`),
      )
      if (tokens.length < 70) throw new Error(`only ${tokens.length} type tokens found in ${SHEET}`)
      writeFileSync(WRITTEN, `.app.elder{${tokens.join('\n')}}\n`)
    },
  }
}
