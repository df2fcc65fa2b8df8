import { expect, it } from 'vitest'
import { ApiError } from '@/api'
import { byLevel, columnNames, groupName, movesOf, type Names, type Report } from './report'
import { inWords, placeOf, problemsOf, type Content } from './versions'

const content = {
  version: '2027-01',
  dimensions: [{ name: '公益', indicators: [{ name: '无偿献血' }, { name: '志愿服务' }] }],
} as unknown as Content
const names: Names = {
  district: (key) => ({ a: '甲区', b: '乙区' })[key] ?? key,
  level: (code) => code || '暂无等级',
  indicator: (code) => code,
}

it('calls the place of a mistake as people do', () => {
  expect(placeOf(content, 'dimensions.0.indicators.1.cap')).toBe('公益 › 志愿服务 › 最多')
  expect(placeOf(content, 'dimensions.0.max')).toBe('公益 › 上限')
  expect(placeOf(content, 'base')).toBe('基础分')
  expect(placeOf(content, 'dimensions.9.max')).toBe('指标')
})

it('takes the mistakes from a refusal of the model, and from nothing else', () => {
  const problems = [{ line: 3, field: 'base', message: '不是十进制数' }]
  expect(problemsOf(new ApiError({ code: 'score_model.faulty', data: { problems } }, 422))).toEqual(problems)
  expect(problemsOf(new ApiError({ code: 'score_model.stale' }, 409))).toEqual([])
  expect(problemsOf(new Error('no'))).toEqual([])
})

it('tells a change in words', () => {
  const change = { place: '无偿献血', field: 'valid_days', before: null, after: '730' }
  expect(inWords(change)).toEqual({ what: '无偿献血 › 有效天数', before: '（无）', after: '730' })
  expect(inWords({ place: '无偿献血', field: 'decay', before: 'none', after: 'linear' }).after).toBe('逐日减少')
})

it('names merged groups and columns together, and says where something is not told', () => {
  expect(groupName('district', ['a', 'b'], names)).toBe('甲区、乙区')
  expect(columnNames([['down'], ['same', 'up']])).toEqual(['降级', '不变或升级'])
  const group = { keys: ['a'], people: 20, moves: null, mean_before_milli: 1, mean_after_milli: 1 }
  expect(movesOf(group, 0)).toBe('不显示')
})

it('draws no line for what is not told', () => {
  const levels = [
    { levels: ['', 'good'], before: 20, after: null },
    { levels: ['best'], before: 30, after: null },
  ]
  const chart = byLevel({ people: 50, levels } as unknown as Report, names)
  expect(chart.series.map(({ name }) => name)).toEqual(['原规则'])
  expect(chart.labels[0]).toBe('暂无等级或good')
})
