import { expect, it } from 'vitest'
import { toGcj02 } from './gcj02'

it.each([
  [31.1774276, 121.5272106, 31.17530398364597, 121.531541859215],
  [22.543847, 113.912316, 22.540796131694766, 113.9171764808363],
  [39.911954, 116.377817, 39.91334545536069, 116.38404722455657],
])('moves %d, %d onto the Chinese map', (latitude, longitude, north, east) => {
  const moved = toGcj02({ latitude, longitude })
  expect(moved.latitude).toBeCloseTo(north, 9)
  expect(moved.longitude).toBeCloseTo(east, 9)
})
