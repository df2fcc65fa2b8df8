import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { askToSignIn, back, goOnTo, open } from './navigation'

const DESK = '/pkg-merchant/desk/index'
const CODE = '/pkg-vouchers/code/index?voucher=1'
let stack: string[]
const went: [string, string | undefined][] = []

const uniWent = (way: string) => (options: { url?: string; fail?: () => void } = {}) => {
  went.push([way, options.url])
  if (options.url?.includes('nowhere')) options.fail?.()
}

beforeEach(() => {
  went.length = 0
  vi.stubGlobal('getCurrentPages', () => stack.map((fullPath) => ({ $page: { fullPath } })))
  vi.stubGlobal('uni', {
    switchTab: uniWent('tab'),
    navigateTo: uniWent('open'),
    redirectTo: uniWent('replace'),
    navigateBack: uniWent('back'),
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('after signing in', () => {
  it('somebody comes back to the page they left, with all that was begun there', () => {
    stack = [DESK, `/pkg-merchant/join/index?to=${encodeURIComponent(DESK)}`]
    goOnTo(DESK)
    expect(went).toEqual([['back', undefined]])
  })

  it('a link is followed where the page does not stand beneath', () => {
    stack = ['/pkg-identity/sign-in/index']
    goOnTo(CODE)
    expect(went).toEqual([['replace', CODE]])
  })

  it('an address of somebody else leads home, or to where the page says', () => {
    stack = ['/pkg-identity/sign-in/index']
    goOnTo('https://elsewhere.example/')
    goOnTo('', DESK)
    expect(went).toEqual([
      ['tab', '/pages/home/index'],
      ['replace', DESK],
    ])
  })

  it('the page to come back to is named when one is asked to sign in', () => {
    stack = [CODE]
    askToSignIn('resident')
    expect(went).toEqual([['open', `/pkg-identity/sign-in/index?to=${encodeURIComponent(CODE)}`]])
  })
})

describe('moving', () => {
  it('back leads home where nothing stands beneath', () => {
    stack = [CODE]
    back()
    stack = ['/pages/home/index', CODE]
    back()
    expect(went).toEqual([
      ['tab', '/pages/home/index'],
      ['back', undefined],
    ])
  })

  it('a page that does not exist leads home', () => {
    open('/pkg-nowhere/x/index')
    expect(went.at(-1)).toEqual(['tab', '/pages/home/index'])
  })
})
