import { expect, it } from 'vitest'
import { toWays } from './help'

it('shows the ways to the office that are published, and no others', () => {
  expect(toWays({ phone: null, email: null, address: null })).toEqual([])
  expect(toWays({ phone: '0714-0000000', email: null, address: '示例路 1 号' })).toEqual([
    { kind: 'phone', name: '电话', value: '0714-0000000' },
    { kind: 'address', name: '窗口地址', value: '示例路 1 号' },
  ])
})
