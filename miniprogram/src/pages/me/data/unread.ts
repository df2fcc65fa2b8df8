/** How many notices wait to be read. */
import { call } from '@/api'

export const countUnread = async () => (await call('get', '/api/v1/resident/notices', { query: { limit: 1 } })).unread
