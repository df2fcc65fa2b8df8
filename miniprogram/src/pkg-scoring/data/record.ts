/** One record behind the score: what it says, who delivered it, on what basis, and until when it counts. */
import type { Schema } from '@/api'
import { dayInWords } from '@/wording/days'
import { plus } from '@/wording/points'
import { zh } from '../locales/zh'

export interface RecordView {
  name: string
  points: string
  isGain: boolean
  /** What happened, what it brings and until when, or why it does not count. */
  sentence: string
  facts: { name: string; value: string }[]
}

const words = zh.record

/** Null where the score has no such record any more. */
export function toRecordView(score: Schema['Score'], recordId: string): RecordView | null {
  for (const dimension of score.dimensions) {
    const line = dimension.lines.find(({ record_id }) => record_id === recordId)
    if (line) return toView(line, dimension.name)
  }
  return null
}

function toView(line: Schema['Line'], dimension: string): RecordView {
  const { facts } = words
  return {
    name: line.indicator.name,
    points: words.points(plus(line.points)),
    isGain: line.points_milli > 0,
    sentence: line.sentence,
    facts: [
      { name: facts.dimension, value: dimension },
      { name: facts.indicator, value: line.indicator.name },
      { name: facts.quantity, value: words.quantity(line.quantity, line.unit) },
      { name: facts.occurred, value: dayInWords(line.occurred_on) },
      { name: facts.ends, value: line.ends_on ? dayInWords(line.ends_on) : words.endless },
      { name: facts.source, value: line.source_unit },
      { name: facts.basis, value: line.legal_basis },
      { name: facts.catalogue, value: line.catalogue_item },
      { name: facts.status, value: zh.status[line.status] ?? line.why ?? words.counted },
    ],
  }
}

/** How to object today: the city's own words, and whatever way to its office it has published. */
export function toOfficeFacts({ office, contact }: Schema['City']): { name: string; value: string }[] {
  const facts: [string, string | null][] = [
    [words.office, office],
    [words.phone, contact.phone],
    [words.address, contact.address],
    [words.email, contact.email],
  ]
  return facts.flatMap(([name, value]) => (value ? [{ name, value }] : []))
}
