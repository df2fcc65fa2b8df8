import { createServer as createHttpServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { addScoped } from '@dcloudio/uni-cli-shared/dist/vite/plugins/cssScoped'
import vue from '@vitejs/plugin-vue'
import { createServer, type Plugin } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OWN_TAGS = ['view', 'text', 'button']

/** The home page as Vue draws it at first, before any answer: for a guest, and for who is signed in. */
export async function renderHomes(): Promise<{ guest: string; resident: string }> {
  const server = await createServer({
    root: ROOT,
    configFile: false,
    mode: 'production',
    appType: 'custom',
    logLevel: 'error',
    // For its web socket Vite would open a port; this server never listens.
    server: { middlewareMode: true, hmr: { server: createHttpServer() }, watch: null },
    optimizeDeps: { noDiscovery: true },
    define: { 'process.env.UNI_PLATFORM': JSON.stringify('h5') },
    resolve: { alias: { '@dcloudio/uni-app': `${ROOT}build/first-screen/moments.ts`, '@': `${ROOT}src` } },
    plugins: [
      scoped(),
      vue({ template: { compilerOptions: { isCustomElement: (tag) => OWN_TAGS.includes(tag) } } }),
    ],
  })
  try {
    const { drawHome } = (await server.ssrLoadModule('/build/first-screen/draw.ts')) as typeof import('./draw')
    return {
      guest: asOnTheWeb(await drawHome({ isResident: false })),
      resident: asOnTheWeb(await drawHome({ isResident: true })),
    }
  } finally {
    await server.close()
  }
}

/** uni-h5 draws its elements under names of its own, and text inside a span. */
function asOnTheWeb(html: string): string {
  return html
    .replace(/<!--.*?-->/gs, '')
    .replace(/ hover-class="[^"]*"/g, '')
    .replace(/<(\/?)(view|button)(?=[\s>])/g, '<$1uni-$2')
    .replace(/<text([^>]*)>/g, '<uni-text$1><span>')
    .replace(/<\/text>/g, '</span></uni-text>')
}

/** As uni-h5 does, so that the parts carry the same marks as their rules in the style sheet. */
function scoped(): Plugin {
  return { name: 'scoped', enforce: 'pre', transform: (code, id) => (/\.vue$/.test(id) ? addScoped(code) : null) }
}
