import { describe, expect, it } from 'vitest'
import { areSame, bodyOf, emptyForm, formOf, placeOf } from './form'
import type { Shop } from './shops'

describe('what is typed about a shop', () => {
  it('reads a place however the two numbers are parted', () => {
    const there = { latitude: 30.2, longitude: 115.04 }
    expect(['30.2,115.04', ' 30.2， 115.04 ', '30.2 115.04'].map(placeOf)).toEqual([there, there, there])
    expect([placeOf(' '), placeOf('磁湖边'), placeOf('30.2')]).toEqual([null, undefined, undefined])
  })

  it('sends nothing for what was left empty', () => {
    expect(bodyOf({ ...emptyForm(), name: ' 书店 ', address: '湖滨路 2 号', district: '420202' })).toEqual({
      name: '书店',
      address: '湖滨路 2 号',
      district: '420202',
      phone: null,
      hours: null,
      latitude: null,
      longitude: null,
    })
  })

  it('comes back from the service as it was typed', () => {
    const shop = { name: '书店', address: '湖滨路', district: '420202', phone: null, hours: '9–21', latitude: 30.2, longitude: 115 }
    const form = formOf(shop as Shop)
    expect(form).toEqual({ name: '书店', address: '湖滨路', district: '420202', phone: '', hours: '9–21', place: '30.2, 115' })
    expect(bodyOf(form)).toEqual(shop)
    expect([areSame(form, { ...form, name: '书店 ' }), areSame(form, { ...form, hours: '' })]).toEqual([true, false])
  })
})
