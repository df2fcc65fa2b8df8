import { describe, expect, it } from 'vitest'
import { areSame, rolesFor, toggled } from './role-choice'

describe('choosing roles', () => {
  it('lets one person be one administrator only', () => {
    expect(toggled(['reviewer', 'system_admin'], 'audit_admin')).toEqual(['reviewer', 'audit_admin'])
  })

  it('gives a role back by choosing it again', () => {
    expect(toggled(['reviewer', 'audit_admin'], 'reviewer')).toEqual(['audit_admin'])
  })

  it('keeps an administrator’s role when another kind of role is added', () => {
    expect(toggled(['system_admin'], 'reviewer')).toEqual(['system_admin', 'reviewer'])
  })

  it('offers a unit its own roles only', () => {
    expect(rolesFor('partner').map(({ code }) => code)).toEqual(['unit_manager', 'unit_editor'])
    expect(rolesFor('office').filter(({ isAdministrator }) => isAdministrator)).toHaveLength(3)
  })

  it('compares choices whatever their order', () => {
    expect(areSame(['a', 'b'], ['b', 'a'])).toBe(true)
    expect(areSame(['a'], ['a', 'b'])).toBe(false)
  })
})
