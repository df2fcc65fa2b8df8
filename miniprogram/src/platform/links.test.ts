import { describe, expect, it } from 'vitest'
import { linkedAddress, ownAddress } from './links'

const CODE = '/pkg-vouchers/code/index?voucher=0198-ab'

describe('an address from outside', () => {
  it('is followed when it is a page of this app', () => {
    expect(ownAddress(CODE)).toBe(CODE)
    expect(ownAddress('pages/vouchers/index')).toBe('/pages/vouchers/index')
  })

  it.each(['', 'https://elsewhere.example/', '//elsewhere.example/pages/x/index', '/pages/../x', '/pages/home/index#x', 'javascript:1'])(
    'is not followed when it is none: %s',
    (address) => expect(ownAddress(address)).toBeNull(),
  )
})

describe('somebody who came in by home', () => {
  it('is led on by a message, by a link in a code, or by a mini-program code', () => {
    expect(linkedAddress({ to: encodeURIComponent(CODE) })).toBe(CODE)
    expect(linkedAddress({ q: encodeURIComponent(`https://credit.example/m${CODE}`) })).toBe(CODE)
    const invitation = encodeURIComponent('https://credit.example/m/pkg-merchant/join/index?invite=a-B_9')
    expect(linkedAddress({ q: invitation })).toBe('/pkg-merchant/join/index?invite=a-B_9')
    expect(linkedAddress({ scene: encodeURIComponent('pkg-merchant/desk/index') })).toBe('/pkg-merchant/desk/index')
  })

  it('stays there otherwise', () => {
    expect(linkedAddress()).toBeNull()
    expect(linkedAddress({ q: '%E0%A4%A', scene: '1001' })).toBeNull()
  })
})
