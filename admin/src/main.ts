import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import 'tdesign-vue-next/es/style/index.css'
import { createApp } from 'vue'
import App from './app/App.vue'
import { makeQueries } from './app/queries'
import { makeRouter } from './app/router'
import './theme/tokens.css'
import './theme/shared.css'

createApp(App)
  .use(createPinia())
  .use(VueQueryPlugin, { queryClient: makeQueries() })
  .use(makeRouter())
  .mount('#app')
