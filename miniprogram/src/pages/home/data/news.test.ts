import { expect, it } from 'vitest'
import type { Schema } from '@/api'
import { toNews } from './news'

const notice = (id: string, read_at: string | null): Schema['Notice'] => ({
  id,
  kind: 'score_ready',
  title: '信用分已生成',
  body: '可以查看了。',
  created_at: '2026-11-28T06:05:00Z',
  read_at,
})

it('shows the latest two that were not read, and how many there are', () => {
  const items = [notice('a', null), notice('b', '2026-11-28T07:00:00Z'), notice('c', null), notice('d', null)]
  const news = toNews({ items, next_cursor: null, unread: 12 })
  expect(news.items.map(({ id }) => id)).toEqual(['a', 'c'])
  expect(news.items[0]).toMatchObject({ title: '信用分已生成', at: '11月28日 14:05' })
  expect(news.unread).toBe(12)
})
