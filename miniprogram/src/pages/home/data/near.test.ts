import { expect, it } from 'vitest'
import { distanceInWords, toNearItems } from './near'

it('tells distances as people do', () => {
  expect([40, 347, 1_250, 12_000].map(distanceInWords)).toEqual(['就在附近', '约 350 米', '约 1.3 公里', '约 12.0 公里'])
})

it('leaves out what holds at no shop', () => {
  const item = (id: string, distance_m: number | null) => ({ id, title: '游泳', benefit: '八五折', unit_name: null, distance_m })
  expect(toNearItems([item('a', 500), item('b', null)])).toEqual([
    { id: 'a', title: '游泳', note: '八五折', distance: '约 500 米' },
  ])
})
