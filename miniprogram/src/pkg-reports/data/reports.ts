/** What a resident reports of a shop that did not honour an incentive, and what came of it. */
import { call, type Schema } from '@/api'
import { dayInWords, dayOf, momentInWords, shortDay } from '@/wording/days'
import { zh } from '../locales/zh'

type Report = Schema['Report']

export interface Choice {
  value: string
  text: string
  note?: string
}
export interface Offer {
  title: string
  shops: Choice[]
  reasons: Choice[]
}
export interface NewReport {
  incentive: string
  shop: string
  reason: string
  text: string
  day: string
}
export interface ReportRow {
  id: string
  offer: string
  shop: string
  reason: string
  state: string
  isOver: boolean
  facts: string[]
  said: { title: string; text: string }[]
}

const PAGE_SIZE = 20
const REMEMBERED_DAYS = 90
const DAY_MS = 86_400_000
const words = zh.list

export async function fetchOffer(incentive: string, reasons: Schema['City']['report_reasons']): Promise<Offer> {
  const path = { incentive_id: incentive }
  const { title, shops } = await call('get', '/api/v1/resident/incentives/{incentive_id}', { path })
  return {
    title,
    shops: shops.map(({ id, name, address }) => ({ value: id, text: name, note: address })),
    reasons: reasons.map(({ code, name }) => ({ value: code, text: name })),
  }
}

export const send = (report: NewReport, key: string) =>
  call('post', '/api/v1/resident/reports', {
    key,
    body: {
      incentive_id: report.incentive,
      shop_id: report.shop,
      reason: report.reason,
      text: report.text.trim() || null,
      happened_on: report.day || null,
    },
  })

export const fetchReports = (cursor?: string) =>
  call('get', '/api/v1/resident/reports', { query: { cursor, limit: PAGE_SIZE } })

export const today = (now = Date.now()) => dayOf(now)
export const earliest = (now = Date.now()) => dayOf(now - REMEMBERED_DAYS * DAY_MS)

export function matching(choices: readonly Choice[], wanted: string): Choice[] {
  const sought = wanted.trim()
  return choices.filter(({ text, note = '' }) => text.includes(sought) || note.includes(sought))
}

export function toReportRow(report: Report): ReportRow {
  const { text, answer, outcome, note, state } = report
  const result = [outcome && words.outcomes[outcome], note].filter(Boolean).join('。')
  return {
    id: report.id,
    offer: report.incentive.title,
    shop: report.shop.name,
    reason: report.reason_name,
    state: words.states[state] ?? state,
    isOver: state === 'closed',
    facts: [
      words.made(momentInWords(report.made_at)),
      ...(report.happened_on ? [words.happened(dayInWords(report.happened_on))] : []),
      ...(state === 'open' ? [words.due(shortDay(report.due_on))] : []),
    ],
    said: [
      ...(text ? [{ title: words.mine, text }] : []),
      ...(answer ? [{ title: words.answer, text: answer }] : []),
      ...(result ? [{ title: words.result, text: result }] : []),
    ],
  }
}
