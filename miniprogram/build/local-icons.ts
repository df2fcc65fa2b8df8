import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const THEME = new URL('../src/theme/', import.meta.url)
const SHEET = fileURLToPath(new URL('icons.generated.css', THEME))
const SHEET_OF_ALL = fileURLToPath(new URL('icons.generated.svg', THEME))
const LIBRARY_SHEET = /@tdesign\/uniapp\/dist\/icon\/icon\.css/
const SIDE = 24
const SVG = "xmlns='http://www.w3.org/2000/svg' fill='none'"

interface Icon {
  name: string
  shape: string
}

/**
 * TDesign's icons are a font on a foreign host. This draws the ones we name as CSS masks instead: once,
 * in the app's own style sheet, for the library's `t-icon-x` and our `icon icon-x` alike.
 */
export function localIcons(names: readonly string[], { isWeb }: { isWeb: boolean }): Plugin {
  return {
    name: 'local-icons',
    enforce: 'pre',
    config() {
      const folder = join(dirname(createRequire(import.meta.url).resolve('tdesign-icons-svg/package.json')), 'src')
      const icons = names.map((name) => ({ name, shape: shapeOf(readFileSync(join(folder, `${name}.svg`), 'utf8')) }))
      writeFileSync(SHEET, isWeb ? fromOnePicture(icons) : eachByItself(icons))
      if (isWeb) writeFileSync(SHEET_OF_ALL, inARow(icons))
    },
    load(id) {
      return LIBRARY_SHEET.test(id) ? '/* see build/local-icons.ts */' : null
    },
  }
}

function shapeOf(svg: string): string {
  return svg
    .replace(/^<svg[^>]*>|<\/svg>\s*$/g, '')
    .replace(/ (class|id)="[^"]*"/g, '')
    .replace(/currentColor/g, '#000')
    .replace(/"/g, "'")
}

/** A browser makes a document of every SVG, 20 ms each on a slow phone: there all icons are one. */
function fromOnePicture(icons: Icon[]): string {
  const places = icons.map(({ name }, index) => {
    const place = `${+((100 * index) / (icons.length - 1)).toFixed(4)}% 0`
    return `.icon-${name},.t-icon-${name}{-webkit-mask-position:${place};mask-position:${place}}`
  })
  return [base(`url("./icons.generated.svg") 0 0/${icons.length}00% 100% no-repeat`), ...places].join('\n')
}

function inARow(icons: Icon[]): string {
  const shapes = icons.map(({ shape }, index) => `<svg x='${index * SIDE}' width='${SIDE}' height='${SIDE}'>${shape}</svg>`)
  return `<svg ${SVG} viewBox='0 0 ${icons.length * SIDE} ${SIDE}'>${shapes.join('')}</svg>\n`
}

/** WeChat loads no file from a style sheet. */
function eachByItself(icons: Icon[]): string {
  const pictures = icons.map(({ name, shape }) => {
    const picture = `<svg ${SVG} viewBox='0 0 ${SIDE} ${SIDE}'>${shape}</svg>`.replace(/[#<>%]/g, encodeURIComponent)
    return `.icon-${name},.t-icon-${name}{--icon:url("data:image/svg+xml,${picture}")}`
  })
  return [base('var(--icon) center/100% 100% no-repeat'), ...pictures].join('\n')
}

function base(mask: string): string {
  return `.icon,.t-icon-base{display:inline-block;flex:none;width:1em;height:1em;background-color:currentColor;
-webkit-mask:${mask};mask:${mask}}
.t-icon-base{display:block}`
}
