// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { Input } from 'tdesign-vue-next'
import { defineComponent, h } from 'vue'
import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api'
import ConfirmDialog from './ConfirmDialog.vue'
import DataTable from './DataTable.vue'
import FormField from './FormField.vue'
import LoadedContent from './LoadedContent.vue'
import PagerBar from './PagerBar.vue'

describe('a field', () => {
  const field = (props: object) =>
    mount(FormField, { props: { label: '邮箱', ...props }, slots: { default: () => h(Input, { modelValue: '' }) } })

  it('ties label, help and error to the control inside TDesign’s wrapper', async () => {
    const wrapper = field({ help: '用它登录。', errors: ['不是有效的邮箱。'] })
    const input = wrapper.get('input')
    expect(wrapper.get('label').attributes('for')).toBe(input.attributes('id'))
    const described = input.attributes('aria-describedby')!.split(' ')
    expect(described.map((id) => wrapper.get(`[id="${id}"]`).text())).toEqual(['用它登录。', '不是有效的邮箱。'])
    expect(input.attributes('aria-invalid')).toBe('true')
    await wrapper.setProps({ errors: [] })
    expect(input.attributes('aria-invalid')).toBeUndefined()
  })

  it('says what may be left out', () => {
    expect(field({ optional: true }).text()).toContain('可不填')
    expect(field({}).get('input').attributes('aria-required')).toBe('true')
  })
})

describe('a table', () => {
  const columns = [
    { key: 'name', title: '姓名', canSort: true },
    { key: 'points', title: '分', isNumber: true },
  ]
  const table = (sort = '') =>
    mount(DataTable, {
      props: { caption: '人员', columns, sort, rows: [{ id: '1', name: '李桂花', points: 3 }] },
      slots: { points: '三分' },
    })

  it('shows a cell as it is, or by its slot', () => {
    expect(table().findAll('td').map((cell) => cell.text())).toEqual(['李桂花', '三分'])
  })

  it('asks for an order, and for the other way round', async () => {
    const wrapper = table()
    await wrapper.get('th button').trigger('click')
    expect(wrapper.emitted('sort')).toEqual([['name']])
    const sorted = table('name')
    expect(sorted.get('th').attributes('aria-sort')).toBe('ascending')
    await sorted.get('th button').trigger('click')
    expect(sorted.emitted('sort')).toEqual([['-name']])
    expect(table('-name').get('th').attributes('aria-sort')).toBe('descending')
  })
})

describe('what is loaded', () => {
  const content = (state: 'loading' | 'empty' | 'error' | 'content', failure?: unknown) =>
    mount(LoadedContent, { props: { state, failure }, slots: { default: '内容' } })

  it('has four states', () => {
    expect(content('loading').text()).toBe('正在加载')
    expect(content('empty').text()).toContain('没有符合条件的内容')
    expect(content('content').text()).toBe('内容')
  })

  it('tells what went wrong, the number to quote, and tries again', async () => {
    const wrapper = content('error', new ApiError({ code: 'internal', request_id: 'abcdefgh-1' }, 500))
    expect(wrapper.text()).toContain('求助时请报编号 abcdefgh')
    await wrapper.get('button').trigger('click')
    expect(wrapper.emitted('retry')).toHaveLength(1)
  })
})

describe('a question with consequences', () => {
  const asked = (props: object) =>
    mount(ConfirmDialog, {
      attachTo: document.body,
      props: { modelValue: true, title: '停用？', consequences: ['不能再登录。'], action: '停用', ...props },
    })

  it('lists them, and does nothing before it is confirmed', async () => {
    const wrapper = asked({})
    expect(wrapper.findAll('li').map((item) => item.text())).toEqual(['不能再登录。'])
    expect(wrapper.emitted('confirm')).toBeUndefined()
    await wrapper.findAll('button').at(-1)!.trigger('click')
    expect(wrapper.emitted('confirm')).toHaveLength(1)
  })

  it('cannot be confirmed before what it needs is there', async () => {
    const wrapper = asked({ ready: false })
    await wrapper.findAll('button').at(-1)!.trigger('click')
    expect(wrapper.emitted('confirm')).toBeUndefined()
  })

  it('closes by the other button', async () => {
    const wrapper = asked({})
    await wrapper.findAll('button')[0]!.trigger('click')
    expect(wrapper.emitted('update:modelValue')).toEqual([[false]])
  })
})

it('the pager is not there when there is one page only', () => {
  const pager = (canGoBack: boolean, canGoForth: boolean) =>
    mount(defineComponent(() => () => h(PagerBar, { canGoBack, canGoForth })))
  expect(pager(false, false).find('nav').exists()).toBe(false)
  const buttons = pager(true, false).findAll('button')
  expect(buttons.map((button) => button.attributes('disabled') !== undefined)).toEqual([false, true])
})
