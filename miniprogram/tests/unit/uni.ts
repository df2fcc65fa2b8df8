/** The parts of `uni` that components ask for while they are set up. */
const stored = new Map<string, string>()

Object.assign(globalThis, {
  uni: {
    getWindowInfo: () => ({ windowWidth: 375, windowHeight: 812 }),
    getAppBaseInfo: () => ({ SDKVersion: '3.7.0' }),
    getDeviceInfo: () => ({ platform: 'devtools' }),
    getSystemInfoSync: () => ({ windowWidth: 375, SDKVersion: '3.7.0' }),
    getStorageSync: (key: string) => stored.get(key) ?? '',
    setStorageSync: (key: string, value: string) => stored.set(key, value),
    getStorageInfoSync: () => ({ keys: [...stored.keys()] }),
    removeStorageSync: (key: string) => stored.delete(key),
  },
})
