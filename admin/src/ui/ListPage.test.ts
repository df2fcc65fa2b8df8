// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { expect, it } from 'vitest'
import { useList } from '@/composables/use-list'
import { mountAt } from '../../tests/unit/router'
import ListPage from './ListPage.vue'
import { withAll } from './list-page'

const plain = { q: '', state: '', sort: 'newest' }
type Row = { id: string; name: string; made_at: string }
const rows: Row[] = [{ id: '7', name: '爱心超市', made_at: '2026' }]

async function open(address: string, items: (filters: typeof plain) => Row[]) {
  const Page = defineComponent(() => {
    const list = useList({ key: 'things', fetch: async (filters: typeof plain) => ({ items: items(filters), next_cursor: null }), plain })
    return () =>
      h(ListPage<typeof plain, Row>, {
        title: '成员单位',
        caption: '列表',
        list,
        columns: [
          { key: 'name', title: '名称' },
          { key: 'made_at', title: '时间', sorts: ['oldest', 'newest'] },
        ],
        filters: [{ name: 'state', label: '状态', choices: withAll([{ value: 'open', text: '开放' }]) }],
        search: { name: 'q', label: '名称' },
        linkTo: ({ id }) => `/things/${id}`,
        none: { title: '还没有单位' },
      })
  })
  const mounted = await mountAt(address, Page)
  await flushPromises()
  return mounted
}

it('leads from the first column to the thing', async () => {
  const { wrapper } = await open('/things', () => rows)
  expect(wrapper.get('td a').attributes('href')).toBe('/things/7')
  expect(wrapper.findAll('td').map((cell) => cell.text())).toEqual(['爱心超市', '2026'])
})

it('asks the service for the order its header is clicked for', async () => {
  const asked: string[] = []
  const { wrapper, router } = await open('/things', ({ sort }) => (asked.push(sort), rows))
  expect(wrapper.findAll('th').map((head) => head.attributes('aria-sort'))).toEqual([undefined, 'descending'])
  await wrapper.get('th button').trigger('click')
  await flushPromises()
  expect([asked.at(-1), router.currentRoute.value.query.sort]).toEqual(['oldest', 'oldest'])
  expect(wrapper.findAll('th')[1]!.attributes('aria-sort')).toBe('ascending')
})

it('narrows by a choice, and tells nothing at all from nothing found', async () => {
  const { wrapper, router } = await open('/things', () => [])
  expect(wrapper.text()).toContain('还没有单位')
  await wrapper.get('select').setValue('open')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ state: 'open' })
  expect(wrapper.text()).not.toContain('还没有单位')
  expect(wrapper.text()).toContain('清除条件')
})
