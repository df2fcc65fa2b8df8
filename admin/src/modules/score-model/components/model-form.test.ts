// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { defineComponent, h } from 'vue'
import { expect, it, vi } from 'vitest'
import { ApiError } from '@/api'
import { mountAt } from '../../../../tests/unit/router'
import type { Report } from '../data/report'
import type { Content, ShadowRun } from '../data/versions'
import ImpactReport from './ImpactReport.vue'
import ModelForm from './ModelForm.vue'

const indicator = {
  code: 'blood-donation',
  name: '无偿献血',
  points: '1.5',
  cap: '9.0',
  decay: 'linear',
  valid_days: 1095,
  catalogue_item: '荣誉',
  legal_basis: '献血法',
  source_unit: '血站',
  while_objected: 'keep',
  unit: '次',
  positive_action: null,
  most_a_year: null,
  source: '示例',
}
const content = {
  version: '2027-01',
  effective_on: '2027-01-01',
  example: true,
  floor: '0.0',
  ceiling: '100.0',
  base: '60.0',
  source: '示例',
  notes: [],
  dimensions: [{ code: 'service', name: '公益', description: '志愿', min: '0.0', max: '20.0', indicators: [indicator] }],
} as Content

it('names each mistake of the model, and marks the figure that is wrong', async () => {
  const problem = { line: 1, field: 'dimensions.0.indicators.0.cap', message: '是正数' }
  const refused = new ApiError(
    { code: 'score_model.faulty', errors: { [problem.field]: [problem.message] }, data: { problems: [problem] } },
    422,
  )
  const keep = vi.fn().mockRejectedValue(refused)
  const Page = defineComponent(() => () => h(ModelForm, { given: content, keep }))
  const { wrapper: page } = await mountAt('/', Page)
  await page.find('form').trigger('submit')
  await flushPromises()
  expect(keep.mock.calls[0]?.[1]).toEqual(content)
  expect(page.find('[role="alert"]').text()).toContain('公益 › 无偿献血 › 最多：是正数')
  expect(page.find('td .field-error').text()).toBe('是正数')
})

it('shows a report by its groups, and hides what may not be told', async () => {
  const group = (keys: string[], moves: number[] | null) => ({ keys, people: 60, moves, mean_before_milli: 70_000, mean_after_milli: 71_500 })
  const report = {
    people: 120,
    mean_before_milli: 70_000,
    mean_after_milli: 71_500,
    columns: [['down'], ['same', 'up']],
    moves: [20, 100],
    levels: [{ levels: [''], before: 120, after: null }],
    scores: [{ from_milli: 0, to_milli: 100_000, before: 120, after: null }],
    reasons: { up: [], down: [{ reason: 'base', people: 20 }] },
    groups: { district: [group(['a'], [10, 50]), group(['b'], [10, 50])], age: [group(['18'], null), group(['45'], null)], sex: [] },
  } as Report
  const names = { district: (key: string) => key, level: (code: string) => code || '暂无等级', indicator: (code: string) => code }
  const run = { as_of: '2026-11-29', compared_with: '2026-01' } as ShadowRun
  const Page = defineComponent(() => () => h(ImpactReport, { run, report, names, file: '/report' }))
  const { wrapper: page } = await mountAt('/', Page)
  expect(page.text()).toContain('不变或升级')
  expect(page.text()).toContain('不显示新规则下的分布')
  expect(page.findAll('td').filter((cell) => cell.text() === '不显示')).toHaveLength(4)
  expect(page.text()).toContain('+1.5')
})
