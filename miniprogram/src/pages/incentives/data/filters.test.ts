import { describe, expect, it } from 'vitest'
import type { Schema } from '@/api'
import { choicesOf, countConditions, fromDistrict, labelOf, toNear } from './filters'
import { EVERYTHING } from './incentive-rows'

const daye = { key: '420281', code: '420281', name: '大冶市', centre: { lat: 30.096, lng: 114.98 } }
const city = {
  levels: [{ code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 }],
  districts: [daye],
} as unknown as Schema['City']
const label = (kind: 'sort' | 'level' | 'district', changes = {}, from: Parameters<typeof labelOf>[3] = null) =>
  labelOf(kind, { ...EVERYTHING, ...changes }, city, from)

describe('the filters', () => {
  it('offer everything first, and then what the city knows', () => {
    expect(choicesOf('level', city).map(({ name }) => name)).toEqual(['全部等级', '信用良好'])
    expect(choicesOf('district', city).map(({ code }) => code)).toEqual(['', '420281'])
    expect(choicesOf('sort', city).map(({ code }) => code)).toEqual(['newest', 'level', 'nearest'])
  })

  it('read as what was chosen, or as what can be', () => {
    expect([label('level'), label('district'), label('sort')]).toEqual(['等级', '区域', '最新发布'])
    expect(label('level', { level: 'good' })).toBe('信用良好')
    expect(label('sort', { sort: 'nearest' }, { near: '30.1,115.0', district: null })).toBe('离我最近')
    expect(label('sort', { sort: 'nearest' }, fromDistrict(daye))).toBe('离大冶市最近')
  })

  it('count the conditions, not the order', () => {
    expect(countConditions({ ...EVERYTHING, sort: 'level' })).toBe(0)
    expect(countConditions({ ...EVERYTHING, q: '游泳', district: '420281', onlyMine: true })).toBe(3)
  })

  it('tell a place no closer than sorting needs', () => {
    expect(toNear({ latitude: 30.12345678, longitude: 115 })).toBe('30.123,115.000')
    expect(fromDistrict(daye).near).toBe('30.096,114.980')
  })
})
