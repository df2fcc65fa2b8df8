/// <reference types="vite/client" />
import 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Any of these lets one see the page; the service decides again. */
    permissions?: readonly string[]
    /** The entry of the main menu it belongs to. */
    under?: string
    /** The page needs no session. */
    open?: boolean
  }
}
