/** What outlives the app being closed. Reading never fails: storage may be full, closed or damaged. */
export function read<T>(key: string): T | null {
  try {
    const text: unknown = uni.getStorageSync(key)
    return typeof text === 'string' && text ? (JSON.parse(text) as T) : null
  } catch {
    return null
  }
}

export function write(key: string, value: unknown): void {
  uni.setStorageSync(key, JSON.stringify(value))
}

export function remove(key: string): void {
  uni.removeStorageSync(key)
}

/** Everything whose key begins so. */
export function removeAll(beginning: string): void {
  for (const key of uni.getStorageInfoSync().keys.filter((each) => each.startsWith(beginning))) remove(key)
}
