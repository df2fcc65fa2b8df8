/** What is new for a resident: the latest notices that were not read yet. */
import { call, type Schema } from '@/api'
import { momentInWords } from '@/wording/days'

const SHOWN = 2
const LOOKED_THROUGH = 10

export interface NewsItem {
  id: string
  title: string
  body: string
  at: string
}

export interface News {
  items: NewsItem[]
  unread: number
}

export async function fetchNews(): Promise<News> {
  return toNews(await call('get', '/api/v1/resident/notices', { query: { limit: LOOKED_THROUGH } }))
}

export const markRead = (noticeId: string, key: string) =>
  call('post', '/api/v1/resident/notices/{notice_id}/read', { key, path: { notice_id: noticeId } })

export function toNews({ items, unread }: Schema['Inbox']): News {
  return {
    items: items
      .filter(({ read_at }) => read_at === null)
      .slice(0, SHOWN)
      .map(({ id, title, body, created_at }) => ({ id, title, body, at: momentInWords(created_at) })),
    unread,
  }
}
