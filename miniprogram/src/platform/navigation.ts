/** Moving between pages. Addresses carry ids only, never anything about a person. */
import { IS_WEB } from './environment'
import { ownAddress } from './links'

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

/** An address that leads nowhere leads home. */
const orHome = () => uni.switchTab({ url: HOME })

export function open(page: string, query?: Query): void {
  const url = addressOf(page, query)
  if (isTab(url)) uni.switchTab({ url: url.split('?')[0]! })
  else uni.navigateTo({ url, fail: orHome })
}

/** Go on without a way back to this page. */
export function replace(page: string, query?: Query): void {
  const url = addressOf(page, query)
  if (isTab(url)) uni.switchTab({ url: url.split('?')[0]! })
  else uni.redirectTo({ url, fail: orHome })
}

/**
 * Go on to where somebody wanted to go before a page like signing in came between. If that page still
 * stands beneath, it is uncovered: what was typed or begun there is not lost.
 */
export function goOnTo(address: string, otherwise: string = HOME): void {
  const target = ownAddress(address) ?? otherwise
  const below = getCurrentPages().slice(-2, -1)[0]
  if (below && addressOfPage(below) === target) uni.navigateBack()
  else replace(target)
}

/** Back, or home where somebody came in by a link. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.switchTab({ url: HOME })
}

/** The address of the page on top, to come back to it after signing in. */
export function currentAddress(): string {
  return addressOfPage(getCurrentPages().slice(-1)[0])
}

function addressOfPage(page: unknown): string {
  const { route, $page } = (page ?? {}) as { route?: string; $page?: { fullPath: string } }
  return $page?.fullPath ?? `/${route ?? ''}`
}

const SIGN_IN = { resident: '/pkg-identity/sign-in/index', merchant: '/pkg-merchant/join/index' }

/** Sign in, and come back to this page afterwards. */
export function askToSignIn(audience: keyof typeof SIGN_IN): void {
  open(SIGN_IN[audience], { to: currentAddress() })
}

/** Up to what is new on the page, wherever somebody has scrolled to. */
export function scrollUp(): void {
  uni.pageScrollTo({ scrollTop: 0, duration: 0 })
}

export function setTitle(title: string): void {
  uni.setNavigationBarTitle({ title })
  if (IS_WEB) document.title = title
}
