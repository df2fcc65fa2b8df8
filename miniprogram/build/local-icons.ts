import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const WRITTEN = fileURLToPath(new URL('../src/theme/icons.generated.css', import.meta.url))
const LIBRARY_SHEET = /@tdesign\/uniapp\/dist\/icon\/icon\.css/

const BASE = `.icon,.t-icon-base{display:inline-block;flex:none;width:1em;height:1em;background-color:currentColor;
-webkit-mask:var(--icon) center/100% 100% no-repeat;mask:var(--icon) center/100% 100% no-repeat}
.t-icon-base{display:block}
`

/**
 * TDesign's icons are a font on a foreign host. This draws the ones we name as CSS masks instead: once,
 * in the app's own style sheet, for the library's `t-icon-x` and our `icon icon-x` alike.
 */
export function localIcons(names: readonly string[]): Plugin {
  return {
    name: 'local-icons',
    enforce: 'pre',
    config() {
      const folder = join(dirname(createRequire(import.meta.url).resolve('tdesign-icons-svg/package.json')), 'src')
      const sheet = BASE + names.map((name) => rule(name, readFileSync(join(folder, `${name}.svg`), 'utf8'))).join('')
      writeFileSync(WRITTEN, sheet)
    },
    load(id) {
      return LIBRARY_SHEET.test(id) ? '/* see build/local-icons.ts */' : null
    },
  }
}

function rule(name: string, svg: string): string {
  const shape = svg
    .replace('view-box', 'viewBox')
    .replace(/ (width|height|class|id)="[^"]*"/g, '')
    .replace(/currentColor/g, '#000')
    .replace(/"/g, "'")
    .replace(/[#<>%]/g, encodeURIComponent)
  return `.icon-${name},.t-icon-${name}{--icon:url("data:image/svg+xml,${shape}")}\n`
}
