/** The inbox: what happened, whether it was seen, and where it leads. */
import { call, type Schema } from '@/api'
import type { Page } from '@/composables/use-pages'
import type { Group } from '@/pages/vouchers/data/voucher-rows'
import { clockOf, dayInWords, dayOf, momentInWords } from '@/wording/days'
import { zh } from '../locales/zh'

type Notice = Schema['Notice']

/** Where a notice leads: a page, or my vouchers with the group they are in now. */
export type Target = { page: string } | { vouchers: Group }

export interface NoticeRow {
  id: string
  title: string
  body: string
  when: string
  isUnread: boolean
  target: Target | null
}

const PAGE_SIZE = 20
const SCORE: Target = { page: '/pkg-scoring/score/index' }
const CONSENTS: Target = { page: '/pkg-consents/list/index' }
const REPORTS: Target = { page: '/pkg-reports/list/index' }

/** By the notice's kind; a kind that is not here only tells something. */
const TARGETS: Record<string, Target> = {
  score_ready: SCORE,
  consent_withdrawn: CONSENTS,
  account_reopened: CONSENTS,
  voucher_claimed: { vouchers: 'usable' },
  voucher_reversed: { vouchers: 'usable' },
  voucher_ends_soon: { vouchers: 'usable' },
  voucher_redeemed: { vouchers: 'used' },
  voucher_given_back: { vouchers: 'ended' },
  voucher_expired: { vouchers: 'ended' },
  report_answered: REPORTS,
  report_closed: REPORTS,
}

export const fetchNotices = (cursor?: string): Promise<Page<Notice> & { unread: number }> =>
  call('get', '/api/v1/resident/notices', { query: { cursor, limit: PAGE_SIZE } })

export const markRead = (noticeId: string, key?: string) =>
  call('post', '/api/v1/resident/notices/{notice_id}/read', { path: { notice_id: noticeId }, key })

export function toNoticeRow(notice: Notice, now: number): NoticeRow {
  return {
    id: notice.id,
    title: notice.title,
    body: notice.body,
    when: whenInWords(notice.created_at, now),
    isUnread: notice.read_at === null,
    target: TARGETS[notice.kind] ?? null,
  }
}

/** Today by the clock, this year by the day, else with the year. */
function whenInWords(instant: string, now: number): string {
  const [day, today] = [dayOf(instant), dayOf(now)]
  if (day === today) return zh.today(clockOf(instant))
  return day.slice(0, 4) === today.slice(0, 4) ? momentInWords(instant) : dayInWords(day)
}
