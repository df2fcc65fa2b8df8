import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { compressed } from './build/compressed'
import { firstPageSize } from './build/first-page-size'

const BACKEND = process.env.BACKEND ?? 'http://127.0.0.1:8000'

export default defineConfig({
  base: '/admin/',
  plugins: [vue(), compressed(), firstPageSize()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022' },
  server: { proxy: { '/api': BACKEND } },
})
