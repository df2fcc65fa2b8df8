/** What was collected about a resident as a text to read, keep and pass on. */
import type { Schema } from '@/api'
import { dayInWords, lastDayBefore } from '@/wording/days'
import { zh } from '../locales/zh'
import type { Collected } from './collecting'
import { momentWithYear } from './looks'

const words = zh.text

export function toText(collected: Collected, city: Pick<Schema['City'], 'name' | 'levels'>, now: number): string {
  const parts: [string, string[]][] = [
    [words.identity, identityLines(collected)],
    [words.consents, collected.consents.flatMap(consentLines)],
    [words.score, scoreLines(collected.score)],
    [words.months, collected.months.map((month) => monthLine(month, city.levels))],
    [words.vouchers, collected.vouchers.flatMap(voucherLines)],
    [words.looks, collected.looks.map(lookLine)],
    [words.notices, collected.notices.map(noticeLine)],
  ]
  const head = [words.title(city.name), words.made(momentWithYear(now))]
  const body = parts.flatMap(([title, lines]) => ['', `【${title}】`, ...(lines.length ? lines : [words.none])])
  return [...head, ...body].join('\n') + '\n'
}

function identityLines({ resident, phone }: Collected): string[] {
  return [
    `${words.name}：${resident.bound ? (resident.masked_name ?? '') : words.notBound}`,
    `${words.phone}：${phone ?? words.none}`,
  ]
}

function consentLines(consent: Schema['Consent']): string[] {
  const { given_at, given_version, declined_at, withdrawn_at } = consent
  const decisions = [
    given_at && `${words.given(momentWithYear(given_at))}（${words.version(given_version ?? '')}）`,
    declined_at && words.declined(momentWithYear(declined_at)),
    withdrawn_at && words.withdrawn(momentWithYear(withdrawn_at)),
  ].filter(Boolean)
  return [`${consent.title}：${decisions.join('；') || words.undecided}`]
}

function scoreLines(score: Schema['Score'] | null): string[] {
  if (!score) return [words.noScore]
  return [
    words.scoreIs(dayInWords(score.as_of), score.score, score.level?.name ?? null),
    ...(score.model.example ? [words.exampleModel] : []),
    words.base(score.base),
    ...score.dimensions.flatMap(dimensionLines),
    ...score.adjustments.map(({ text }) => text),
  ]
}

function dimensionLines(dimension: Schema['Dimension']): string[] {
  return [
    words.dimension(dimension.name, dimension.points),
    ...dimension.lines.map((line) => `  · ${recordLine(line)}`),
    ...dimension.adjustments.map(({ text }) => `  · ${text}`),
  ]
}

function recordLine(line: Schema['Line']): string {
  const name = line.quantity > 1 ? `${line.indicator.name} × ${line.quantity}${line.unit}` : line.indicator.name
  return [
    words.line(name, line.points),
    words.source(line.source_unit),
    words.occurred(dayInWords(line.occurred_on)),
    line.ends_on && words.ends(dayInWords(line.ends_on)),
    words.basis(line.legal_basis),
    line.why,
  ]
    .filter(Boolean)
    .join('，')
}

function monthLine({ month, score, level }: Schema['ScoreMonth'], levels: readonly Schema['Level'][]): string {
  return words.month(month, score, levels.find(({ code }) => code === level)?.name ?? null)
}

function voucherLines(voucher: Schema['Voucher']): string[] {
  const facts = [
    words.states[voucher.state] ?? voucher.state,
    words.issued(momentWithYear(voucher.issued_at)),
    words.until(dayInWords(lastDayBefore(voucher.expires_at))),
    voucher.uses > 1 && words.uses(voucher.uses_left, voucher.uses),
    voucher.last_redeemed_at && words.used(momentWithYear(voucher.last_redeemed_at)),
  ]
  return [`${voucher.offer.title}（${voucher.offer.benefit}）：${facts.filter(Boolean).join('，')}`]
}

const lookLine = ({ looked_by, occurred_at, purpose, shown }: Schema['AccessLogEntry']) =>
  `${momentWithYear(occurred_at)}：${words.look(looked_by, purpose, shown)}`

const noticeLine = ({ created_at, title, body }: Schema['Notice']) => `${momentWithYear(created_at)}：${title}。${body}`
