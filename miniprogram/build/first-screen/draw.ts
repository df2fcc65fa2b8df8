/** Loaded by `render.ts` together with the pages, whose Vue and stores it has to share. */
import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import Home from '@/pages/home/index.vue'
import { useSession } from '@/stores/session'

export async function drawHome({ isResident }: { isResident: boolean }): Promise<string> {
  const pinia = createPinia()
  useSession(pinia).isResident = isResident
  const app = createSSRApp(Home).use(pinia)
  const failures: unknown[] = []
  app.config.errorHandler = (failure) => failures.push(failure)
  const html = await renderToString(app)
  if (failures.length) throw failures[0]
  return html
}
