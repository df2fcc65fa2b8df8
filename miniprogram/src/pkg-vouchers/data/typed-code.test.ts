import { expect, it } from 'vitest'
import { matching, nearestFirst, toChoice, toDrawnCode } from './typed-code'

const shop = (name: string, latitude: number | null, longitude: number | null) =>
  toChoice({ id: name, name, address: `${name}路 1 号`, district: '420202', latitude, longitude, distance_m: null, phone: null, hours: null })
const shops = [shop('磁湖', 30.2, 115.06), shop('团城山', 30.21, 115.01), shop('磁湖东', 30.2, 115.08)]

it('lists the nearest shop first, with how far it is', () => {
  const sorted = nearestFirst(shops, { latitude: 30.2, longitude: 115.07 })
  expect(sorted.map(({ name }) => name)).toEqual(['磁湖', '磁湖东', '团城山'])
  expect(sorted.map(({ distance }) => distance)).toEqual(['950 米', '950 米', '5.9 公里'])
})

it('lists a shop that has not told where it is last, without a distance', () => {
  const sorted = nearestFirst([shop('无名', null, null), ...shops], { latitude: 30.2, longitude: 115.07 })
  expect(sorted.map(({ distance }) => distance)).toEqual(['950 米', '950 米', '5.9 公里', null])
  expect(sorted.at(-1)?.name).toBe('无名')
})

it('finds a shop by its name or its street', () => {
  expect(matching(shops, ' 磁湖 ').map(({ name }) => name)).toEqual(['磁湖', '磁湖东'])
  expect(matching(shops, '城山路').map(({ name }) => name)).toEqual(['团城山'])
  expect(matching(shops, '')).toHaveLength(3)
})

it('counts by the clock of the service', () => {
  const drawn = toDrawnCode(
    {
      code: '7KMP3XQW',
      shop: { id: 's1', name: '便民超市' },
      expires_at: '2026-11-29T04:10:00Z',
      server_time: '2026-11-29T04:00:00Z',
      match_number: null,
    },
    Date.parse('2026-11-29T03:59:00Z'),
  )
  expect(drawn).toMatchObject({ code: '7KMP3XQW', aheadMs: 60_000, expiresMs: Date.parse('2026-11-29T04:10:00Z') })
})
