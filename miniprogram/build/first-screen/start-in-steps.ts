import type { Plugin } from 'vite'

/** As uni-h5 ends the app's main file. */
const MOUNT = 'createApp().app.use(__plugin).mount("#app")'
const LATER = 'const { app } = createApp();app.use(__plugin);setTimeout(() => app.mount("#app"))'

/** Between reading the app and drawing it a finger is let through; on a slow phone both in one take 0.8 s. */
export function startInSteps(): Plugin {
  return {
    name: 'start-in-steps',
    apply: 'build',
    enforce: 'post',
    transform(code, id) {
      if (!id.endsWith('/src/main.ts')) return null
      if (!code.includes(MOUNT)) throw new Error('uni-h5 starts the app in another way than known')
      return { code: code.replace(MOUNT, LATER), map: null }
    },
  }
}
