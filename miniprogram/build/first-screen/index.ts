import { readFileSync } from 'node:fs'
import { transformWithEsbuild, type HtmlTagDescriptor, type Plugin, type Rollup } from 'vite'
import { neededRules } from './needed-rules'
import { renderHomes } from './render'
import { DISTANCE_RULE, surrounded } from './surroundings'

const SCRIPT = new URL('./script.ts', import.meta.url)
/** Where the welcome's button leads. */
const NEXT_PAGE = '/pkg-identity/sign-in/index.vue'
const ENTRY = /\s*<script type="module"[^>]*src="([^"]*)"[^>]*><\/script>/
const BLOCKING_SHEET = /\s*<link rel="stylesheet"[^>]*>/g
/** How it looks only while the script is on its way: the app waits unseen, what was tapped turns. */
const MEANWHILE = `
#app:has(+#first-screen){position:absolute;inset:0;visibility:hidden}
#first-screen{height:100%}
#first-screen [aria-busy=true]{opacity:.82}
#first-screen uni-button[aria-busy=true]:before{content:"";width:1em;height:1em;box-sizing:border-box;
border:2px solid;border-right-color:transparent;border-radius:50%;animation:first-screen-turns 1s linear infinite}
@keyframes first-screen-turns{to{transform:rotate(360deg)}}
`

/**
 * The first page within the HTML, so that it is seen and takes a tap before any script has come. It is the
 * home page itself, drawn by Vue at build time, with the rules it needs; nothing of it is written twice.
 */
export function firstScreen(): Plugin {
  let base = ''
  return {
    name: 'first-screen',
    apply: 'build',
    configResolved: (config) => void (base = config.base),
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle = {} }) {
        const homes = await renderHomes()
        const page = `<div class="drawn-guest">${homes.guest}</div><div class="drawn-resident">${homes.resident}</div>`
        const markup = surrounded(page, base)
        const sheets = html.match(BLOCKING_SHEET) ?? []
        const rules = sheets.map((link) => neededRules(sheetOf(link, bundle, base), markup)).join('')
        const entry = ENTRY.exec(html)![1]!
        const tags: HtmlTagDescriptor[] = [
          fetchedAhead(entry),
          ...filesOf(NEXT_PAGE, bundle).map((file) => fetchedAhead(base + file)),
          { tag: 'style', children: DISTANCE_RULE + rules + MEANWHILE, injectTo: 'head' },
          // In the head, so that nothing empty is painted while it is read.
          { tag: 'template', attrs: { id: 'drawn' }, children: markup, injectTo: 'head' },
          { tag: 'script', children: await script(entry), injectTo: 'body' },
          ...sheets.map((link) => ({ tag: 'link', attrs: { rel: 'stylesheet', href: hrefOf(link) }, injectTo: 'body' as const })),
        ]
        return { html: html.replace(ENTRY, '').replace(BLOCKING_SHEET, ''), tags }
      },
    },
  }
}

async function script(entry: string): Promise<string> {
  const options = { minify: true, format: 'iife', target: 'es2020', define: { ENTRY: JSON.stringify(entry) } } as const
  return (await transformWithEsbuild(readFileSync(SCRIPT, 'utf8'), 'script.ts', options)).code.trim()
}

type Bundle = Rollup.OutputBundle

function sheetOf(link: string, bundle: Bundle, base: string): string {
  const file = bundle[hrefOf(link).slice(base.length)]
  if (file?.type !== 'asset') throw new Error(`no such sheet: ${link}`)
  return String(file.source)
}

function hrefOf(link: string): string {
  return /href="([^"]*)"/.exec(link)![1]!
}

function filesOf(page: string, bundle: Bundle): string[] {
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && file.facadeModuleId?.endsWith(page)) {
      return [file.fileName, ...(file.viteMetadata?.importedCss ?? [])]
    }
  }
  throw new Error(`no such page: ${page}`)
}

function fetchedAhead(href: string): HtmlTagDescriptor {
  const attrs = href.endsWith('.js') ? { rel: 'modulepreload', crossorigin: true, href } : { rel: 'prefetch', as: 'style', href }
  return { tag: 'link', attrs, injectTo: 'head' }
}
