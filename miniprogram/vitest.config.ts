import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const BUILT_IN = ['view', 'text', 'image', 'canvas', 'scroll-view', 'button', 'input', 'textarea', 'switch', 'navigator']

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => BUILT_IN.includes(tag) } } })],
  resolve: {
    alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) },
    extensions: ['.ts', '.mjs', '.js', '.json', '.vue'],
  },
  define: { 'process.env.UNI_PLATFORM': JSON.stringify('h5') },
  test: {
    // A test that mounts a component asks for happy-dom itself; everything else starts faster without.
    environment: 'node',
    include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'],
    setupFiles: ['tests/unit/uni.ts'],
    server: { deps: { inline: [/@tdesign/, /@dcloudio/] } },
  },
})
