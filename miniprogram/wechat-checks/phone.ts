/** A phone without a screen: runs the built pages on WeChat's own component framework. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILT } from './built'

const require = createRequire(import.meta.url)
const world = globalThis as Record<string, any>

export interface Asked {
  url: string
  method: string
  data?: any
  header: Record<string, string>
}
export type Reply = (asked: Asked) => { statusCode: number; data: unknown }

const SCREEN = { windowWidth: 375, windowHeight: 812, screenTop: 0, pixelRatio: 2, safeArea: {} }
const WECHAT = { SDKVersion: '3.7.0', language: 'zh_CN', theme: 'light' }
const DEVICE = { platform: 'devtools', brand: '', model: '', system: '' }
const START = { path: '', query: {} }
const nothing = () => undefined

/** The calls of WeChat that the app makes while it starts and shows a page. */
function wechat(stored: Record<string, unknown>, reply: Reply) {
  const storage = new Map(Object.entries(stored).map(([key, value]) => [key, JSON.stringify(value)]))
  return {
    canIUse: () => true,
    nextTick: (work: () => void) => setTimeout(work, 0),
    getSystemInfoSync: () => ({ ...SCREEN, ...WECHAT, ...DEVICE }),
    getWindowInfo: () => SCREEN,
    getAppBaseInfo: () => WECHAT,
    getDeviceInfo: () => DEVICE,
    getSystemSetting: () => ({}),
    getAppAuthorizeSetting: () => ({}),
    getLaunchOptionsSync: () => START,
    getEnterOptionsSync: () => START,
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: string) => void storage.set(key, value),
    getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
    removeStorageSync: (key: string) => void storage.delete(key),
    getNetworkType: (options: any) => options.success({ networkType: 'wifi' }),
    getUpdateManager: () => ({ onUpdateReady: nothing }),
    getRandomValues: ({ length, success }: any) => success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
    getScreenBrightness: (options: any) => options.success({ value: 0.4 }),
    setScreenBrightness: nothing,
    setKeepScreenOn: nothing,
    onNetworkStatusChange: nothing,
    onNeedPrivacyAuthorization: nothing,
    onAppShow: nothing,
    onAppHide: nothing,
    onError: nothing,
    onUnhandledRejection: nothing,
    onPageNotFound: nothing,
    onThemeChange: nothing,
    stopPullDownRefresh: nothing,
    request(options: any) {
      setTimeout(() => {
        const answer = { ...reply({ method: 'GET', ...options }), header: {} }
        options.success?.(answer)
        options.complete?.(answer)
      }, 0)
      return { abort: nothing, onHeadersReceived: nothing }
    },
  }
}

export function takePhone(stored: Record<string, unknown>, reply: Reply) {
  // A copy outside this package: here `require` would take the files for modules of the other kind.
  const root = mkdtempSync(join(tmpdir(), 'phone-'))
  cpSync(BUILT, root, { recursive: true })
  writeFileSync(join(root, 'package.json'), '{}')

  let app: any = {}
  world.getApp = () => app
  world.getCurrentPages = () => []
  world.App = (options: any) => {
    app = options
    options.onLaunch?.({ ...START, scene: 1001 })
  }
  const simulate = require('miniprogram-simulate')
  // uni-app makes its pages as components, yet its runtime looks for `Page` when it is loaded.
  world.Page = (options: any) => {
    const methods = Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === 'function'))
    world.Component({ data: options.data, methods })
  }
  Object.assign(world.wx, wechat(stored, reply))
  require(join(root, 'app.js'))

  return {
    async open(page: string, query: Record<string, string> = {}) {
      const shown = simulate.render(simulate.load(join(root, page), { rootPath: root }))
      const host = document.body.appendChild(document.createElement('div'))
      shown.attach(host)
      shown.instance.onLoad?.(query)
      shown.instance.onShow?.()
      shown.instance.onReady?.()
      return {
        text: () => (shown.dom.textContent as string).replace(/\s+/g, ''),
        /** What the page handed to its screen; pictures stand there, and not in the text. */
        data: () => JSON.stringify(shown.instance.data),
        close() {
          shown.instance.onUnload?.()
          shown.detach()
        },
      }
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}
