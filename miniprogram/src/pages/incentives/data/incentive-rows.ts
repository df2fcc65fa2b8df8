/** The catalogue as rows. Residents see what is open to them, guests see from which level on. */
import { call, type Schema } from '@/api'
import type { Page } from '@/composables/use-pages'
import { zh } from '../locales/zh'

export type Incentive = Schema['Incentive'] & Partial<Pick<Schema['IncentiveForMe'], 'eligible' | 'missing'>>

/** The newest first, what opens soonest first, or what is nearest to a place. */
export type Sort = 'newest' | 'level' | 'nearest'

export interface IncentiveQuestion {
  q: string
  form: '' | 'voucher' | 'standing'
  category: string
  level: string
  district: string
  onlyMine: boolean
  sort: Sort
  /** "latitude,longitude", for the nearest first. */
  near: string
}

export const EVERYTHING: Readonly<IncentiveQuestion> = {
  q: '',
  form: '',
  category: '',
  level: '',
  district: '',
  onlyMine: false,
  sort: 'newest',
  near: '',
}

export interface IncentiveRow {
  id: string
  title: string
  benefit: string
  unit: string
  isExample: boolean
  isVoucher: boolean
  /** Whether it is open to this person, in words; the colour only repeats it. */
  state: string
  isOpen: boolean
  left: string | null
  /** To the nearest shop, where a place was given. */
  distance: string | null
}

const PAGE_SIZE = 20

export async function fetchIncentives(
  question: IncentiveQuestion,
  isResident: boolean,
  cursor: string | undefined,
): Promise<Page<Incentive>> {
  const query = {
    q: question.q.trim() || undefined,
    form: question.form || undefined,
    category: question.category || undefined,
    level: question.level || undefined,
    district: question.district || undefined,
    sort: question.sort,
    near: question.sort === 'nearest' ? question.near : undefined,
    limit: PAGE_SIZE,
    cursor,
  }
  if (!isResident) return call('get', '/api/v1/public/incentives', { query })
  const entitled = question.onlyMine || undefined
  return call('get', '/api/v1/resident/incentives', { query: { ...query, entitled } })
}

/** A few for the home page: what is open to this person, and where nothing is, what there is at all. */
export async function fetchFew(isResident: boolean, count: number): Promise<{ isMine: boolean; items: Incentive[] }> {
  const ask = async (onlyMine: boolean) => {
    const question: IncentiveQuestion = { ...EVERYTHING, onlyMine, sort: isResident && !onlyMine ? 'level' : 'newest' }
    return (await fetchIncentives(question, isResident, undefined)).items.filter(({ claimable }) => claimable).slice(0, count)
  }
  const mine = isResident ? await ask(true) : []
  return mine.length ? { isMine: true, items: mine } : { isMine: false, items: await ask(false) }
}

export function toIncentiveRow(incentive: Incentive, levels: readonly Schema['Level'][]): IncentiveRow {
  return {
    id: incentive.id,
    title: incentive.title,
    benefit: incentive.benefit,
    unit: incentive.unit_name ?? '',
    isExample: incentive.example,
    isVoucher: incentive.form === 'voucher',
    state: stateInWords(incentive, levels),
    isOpen: incentive.eligible === true && incentive.remaining !== 0,
    left: incentive.claimable && incentive.remaining !== null ? zh.left(incentive.remaining) : null,
    distance: incentive.distance_m === null ? null : distanceInWords(incentive.distance_m),
  }
}

/** "850 米", "1.2 公里", "23 公里" */
export function distanceInWords(metres: number): string {
  if (metres < 1000) return zh.metres(Math.max(Math.round(metres / 50) * 50, 50))
  const kilometres = metres / 1000
  return zh.kilometres(kilometres < 10 ? kilometres.toFixed(1) : String(Math.round(kilometres)))
}

export function stateInWords(incentive: Incentive, levels: readonly Schema['Level'][]): string {
  if (!incentive.claimable) return zh.notClaimable
  if (incentive.eligible) return zh.entitled
  const { missing } = incentive
  // Somebody who has not agreed yet is told what it takes, like a guest.
  if (missing?.kind === 'points' && missing.points) return zh.missing.points(missing.points)
  return zh.from(thresholdInWords(incentive.needs, levels))
}

/** "信用良好" or "72 分起" */
export function thresholdInWords(needs: Schema['Threshold'], levels: readonly Schema['Level'][]): string {
  const level = levels.find(({ code }) => code === needs.level)
  return level?.name ?? (needs.score ? zh.fromScore(needs.score) : '')
}
