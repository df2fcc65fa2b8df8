// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { ApiError } from '@/api'
import { mountAt } from '../../../../tests/unit/router'
import type { MemberDetail } from '../data/staff'
import AccessForm from './AccessForm.vue'

const staff = vi.hoisted(() => ({ setRoles: vi.fn(), get: vi.fn() }))
vi.mock('../data/staff', () => ({ useStaff: () => staff }))
vi.mock('@/modules/city/data/city', () => ({
  useCity: () => ({ districts: { value: [] }, districtName: (key: string | null) => key || '全市' }),
}))

const member = { id: 'm1', kind: 'office', roles: ['reviewer'], district: null, version: 3 } as unknown as MemberDetail
const theirs = { ...member, roles: ['reviewer', 'window_clerk'], version: 4 }
const stale = new ApiError({ code: 'account.stale' }, 409)

async function open(props: object = {}) {
  const { wrapper } = await mountAt('/', AccessForm, { props: { member, disabled: false, ...props } })
  const button = (text: string) => wrapper.findAll('button').find((each) => each.text() === text)!
  const choose = (name: string) => wrapper.findAll('label').find((each) => each.text() === name)!.get('input').trigger('change')
  const save = () => wrapper.get('form').trigger('submit').then(flushPromises)
  return { wrapper, button, choose, save }
}

beforeEach(() => {
  vi.resetAllMocks()
  staff.setRoles.mockResolvedValue(theirs)
  staff.get.mockResolvedValue(theirs)
})

it('saves the choice with the version it was made on', async () => {
  staff.setRoles.mockResolvedValue({ ...member, roles: ['reviewer', 'case_officer'], version: 4 })
  const { choose, save } = await open()
  await choose('案件办理员')
  await save()
  const wanted = { roles: ['reviewer', 'case_officer'], version: 3, district: null }
  expect(staff.setRoles.mock.calls).toEqual([['m1', wanted]])
})

it('tells who saves second, keeps the own choice, and saves it over the newer version', async () => {
  staff.setRoles.mockRejectedValueOnce(stale).mockResolvedValue({ ...member, version: 5 })
  const { wrapper, button, choose, save } = await open()
  await choose('案件办理员')
  await save()
  expect(wrapper.get('[role="alert"]').text()).toContain('现在是：审核员、窗口人员；全市')
  expect(wrapper.get('[role="alert"]').text()).toContain('您选的：审核员、案件办理员；全市')
  await button('按我选的保存').trigger('click')
  await flushPromises()
  expect(staff.setRoles.mock.lastCall![1]).toEqual({ roles: ['reviewer', 'case_officer'], version: 4, district: null })
})

it('takes the newer choice when asked to', async () => {
  staff.setRoles.mockRejectedValueOnce(stale)
  const { wrapper, button, choose, save } = await open()
  await choose('案件办理员')
  await save()
  await button('改用现在的').trigger('click')
  expect(wrapper.find('[role="alert"]').exists()).toBe(false)
  await choose('评分管理员')
  await save()
  expect(staff.setRoles.mock.lastCall![1]).toMatchObject({ roles: ['reviewer', 'window_clerk', 'score_keeper'], version: 4 })
})

it('does not overwrite a choice when the person is loaded anew', async () => {
  staff.setRoles.mockRejectedValue(stale)
  const { wrapper, choose, save } = await open()
  await choose('案件办理员')
  await wrapper.setProps({ member: theirs })
  await save()
  expect(staff.setRoles.mock.lastCall![1]).toMatchObject({ roles: ['reviewer', 'case_officer'], version: 3 })
})

it('sends no district for people of a unit', async () => {
  staff.setRoles.mockResolvedValue(member)
  const { choose, save } = await open({ member: { ...member, kind: 'partner', roles: ['unit_editor'] } })
  await choose('单位管理员')
  await save()
  expect(staff.setRoles.mock.lastCall![1]).toEqual({ roles: ['unit_editor', 'unit_manager'], version: 3 })
})
