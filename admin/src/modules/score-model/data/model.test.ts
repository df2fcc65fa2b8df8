import { expect, it } from 'vitest'
import { lasting, worth, type Indicator } from './model'

const blood: Indicator = {
  code: 'blood-donation',
  name: '无偿献血',
  unit: '次',
  points: '1.5',
  cap: '6.0',
  decay: 'linear',
  valid_days: 730,
  while_objected: 'exclude',
  catalogue_item: '献血',
  legal_basis: '献血法',
  source_unit: '血站',
  positive_action: '献血',
  source: '示例',
}

it('tells what one record is worth, with its sign', () => {
  expect(worth(blood)).toBe('+1.5 / 次')
  expect(worth({ ...blood, points: '-2.0' })).toBe('-2.0 / 次')
})

it('tells how long a record counts', () => {
  expect(lasting(blood)).toBe('730 天内逐日减少')
  expect(lasting({ ...blood, decay: 'none' })).toBe('730 天')
  expect(lasting({ ...blood, valid_days: null })).toBe('一直有效')
})
