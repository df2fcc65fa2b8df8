/** Moving between pages. Addresses carry ids only, never anything about a person. */
import { IS_WEB } from './environment'

export type Query = Record<string, string | undefined>

const TABS = ['/pages/home/index', '/pages/incentives/index', '/pages/vouchers/index', '/pages/me/index'] as const
export type Tab = (typeof TABS)[number]
export const HOME: Tab = TABS[0]

export function addressOf(page: string, query: Query = {}): string {
  const asked = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return asked.length ? `${page}?${asked.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&')}` : page
}

export function isTab(address: string): boolean {
  return (TABS as readonly string[]).includes(address.split('?')[0] ?? '')
}

export function open(page: string, query?: Query): void {
  const url = addressOf(page, query)
  if (isTab(url)) uni.switchTab({ url: url.split('?')[0]! })
  else uni.navigateTo({ url })
}

/** Go on without a way back to this page. */
export function replace(page: string, query?: Query): void {
  const url = addressOf(page, query)
  if (isTab(url)) uni.switchTab({ url: url.split('?')[0]! })
  else uni.redirectTo({ url })
}

/** Back, or home where somebody came in by a link. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.switchTab({ url: HOME })
}

/** The address of the page on top, to come back to it after signing in. */
export function currentAddress(): string {
  const page = getCurrentPages().slice(-1)[0] as { route?: string; $page?: { fullPath: string } } | undefined
  return page?.$page?.fullPath ?? `/${page?.route ?? ''}`
}

const SIGN_IN = { resident: '/pkg-identity/sign-in/index', merchant: '/pkg-merchant/join/index' }

/** Sign in, and come back to this page afterwards. */
export function askToSignIn(audience: keyof typeof SIGN_IN): void {
  open(SIGN_IN[audience], { to: currentAddress() })
}

export function setTitle(title: string): void {
  uni.setNavigationBarTitle({ title })
  if (IS_WEB) document.title = title
}
