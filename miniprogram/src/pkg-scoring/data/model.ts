/** How a score comes about, for everyone to read: what counts for how much, and what never counts. */
import { call, type Schema } from '@/api'
import { dayInWords } from '@/wording/days'
import { plus, whole } from '@/wording/points'
import { zh } from '../locales/zh'

type Model = Schema['PublicScoreModel']
type Indicator = Schema['PublicIndicator']
type Dimension = Schema['PublicDimension']
interface Fact {
  name: string
  value: string
}

/** One kind of record: what it brings, until when, and on what basis. */
export interface Rule {
  code: string
  name: string
  points: string
  isGain: boolean
  sentence: string
  facts: Fact[]
}

export interface RuleGroup {
  code: string
  name: string
  description: string
  count: string
  rules: Rule[]
}

/** How far one dimension can move a score; both widths are of a hundred. */
export interface Share {
  code: string
  name: string
  most: string
  gain: number
  loss: number
}

export interface ModelView {
  starts: string
  isExample: boolean
  source: string
  range: string
  levels: Fact[]
  shares: Share[]
  /** Where nothing is, of a hundred: losses go left from here. */
  zero: number
  spoken: string
  groups: RuleGroup[]
  notScored: string[]
  notes: string[]
  objection: string | null
  others: { version: string; title: string }[]
}

const words = zh.model
const CURRENT = 'current'
const DAYS_IN_A_YEAR = 365.25

export const fetchModel = (version: string = CURRENT) =>
  call('get', '/api/v1/public/score-models/{version}', { path: { version } })

export function toModelView(model: Model): ModelView {
  const loss = Math.max(...model.dimensions.map(({ min_milli }) => Math.abs(min_milli)))
  const span = loss + Math.max(...model.dimensions.map(({ max_milli }) => max_milli))
  return {
    starts: words.starts(dayInWords(model.effective_on), model.in_force),
    isExample: model.example,
    source: model.source,
    range: words.range(model.base, model.floor, model.ceiling),
    levels: model.levels.map(({ name, from }) => ({ name, value: words.from(from) })),
    shares: model.dimensions.map((dimension) => toShare(dimension, span)),
    zero: percent(loss, span),
    spoken: words.spoken(model.dimensions.map(({ name, min, max }) => words.share(name, words.most(min, max)))),
    groups: model.dimensions.map(toGroup),
    notScored: model.not_scored,
    notes: model.notes,
    objection: model.objection,
    others: model.versions
      .filter(({ version }) => version !== model.version)
      .map(({ version, effective_on }) => ({ version, title: words.other(dayInWords(effective_on)) })),
  }
}

/** The rules in which all of these words stand, wherever it is. */
export function searched(groups: readonly RuleGroup[], typed: string): RuleGroup[] {
  const wanted = typed.trim().split(/\s+/)
  const holds = ({ name, sentence, facts }: Rule, group: string) => {
    const text = [group, name, sentence, ...facts.map(({ value }) => value)].join(' ')
    return wanted.every((word) => text.includes(word))
  }
  return groups
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => holds(rule, group.name)) }))
    .filter(({ rules }) => rules.length)
}

function toShare({ code, name, min, max, min_milli, max_milli }: Dimension, span: number): Share {
  return { code, name, most: words.most(min, max), gain: percent(max_milli, span), loss: percent(Math.abs(min_milli), span) }
}

function toGroup({ code, name, description, indicators }: Dimension): RuleGroup {
  return { code, name, description, count: words.count(indicators.length), rules: indicators.map(toRule) }
}

function toRule(indicator: Indicator): Rule {
  const { code, name, points, points_milli, unit, source_unit, legal_basis, catalogue_item, positive_action } = indicator
  const facts: Fact[] = [
    { name: words.facts.source, value: source_unit },
    { name: words.facts.basis, value: legal_basis },
    { name: words.facts.catalogue, value: catalogue_item },
    { name: words.facts.objected, value: words.objected[indicator.while_objected] },
  ]
  if (positive_action) facts.unshift({ name: words.facts.action, value: positive_action })
  return {
    code,
    name,
    points: words.points(whole(plus(points)), unit),
    isGain: points_milli > 0,
    sentence: toSentence(indicator),
    facts,
  }
}

function toSentence({ points, points_milli, cap, unit, decay, valid_days }: Indicator): string {
  const each = words.each(unit, points_milli > 0, whole(points.replace('-', '')))
  const most = words.cap(points_milli > 0, whole(cap))
  if (valid_days === null) return words.lasting(each, most)
  return (decay === 'linear' ? words.fading : words.ending)(each, most, daysInWords(valid_days))
}

/** Whole years as such: 1095 days are three, with a leap day or without. */
export function daysInWords(days: number): string {
  const years = Math.round(days / DAYS_IN_A_YEAR)
  return years > 0 && Math.abs(days - years * DAYS_IN_A_YEAR) < 1 + years / 4 ? words.years(years) : words.days(days)
}

const percent = (part: number, span: number) => (span ? Math.round((part / span) * 1000) / 10 : 0)
