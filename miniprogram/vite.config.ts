import { fileURLToPath } from 'node:url'
import uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'
import { compressed } from './build/compressed'
import { elderTokens } from './build/elder-tokens'
import { firstScreen } from './build/first-screen'
import { startInSteps } from './build/first-screen/start-in-steps'
import { ICONS } from './build/icon-names'
import { localIcons } from './build/local-icons'
import { noForeignHosts } from './build/no-foreign-hosts'

// In an ES module package the plugin arrives as a namespace, not as the function.
const uni = (uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin
const isWeb = (process.env.UNI_PLATFORM ?? 'h5') === 'h5'

/** On a slow network each file costs a way there and back: the tabs and what all share come in one. */
function inFewFiles(id: string): string | undefined {
  const path = id.split('?')[0] ?? id
  return path.includes('/miniprogram/src/') && !/\/src\/(pkg-|ticket\/)/.test(path) ? 'app' : undefined
}

export default defineConfig({
  plugins: [localIcons(ICONS, { isWeb }), elderTokens(), uni() as Plugin[], noForeignHosts(), ...(isWeb ? [startInSteps(), firstScreen(), compressed()] : [])],
  build: isWeb ? { rollupOptions: { output: { manualChunks: inFewFiles } } } : {},
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
})
