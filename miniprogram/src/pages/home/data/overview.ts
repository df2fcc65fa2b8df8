/** What the home page shows of a resident: the score or why there is none, and how many vouchers wait. */
import type { Schema } from '@/api'
import { fetchVouchers } from '@/pages/vouchers/data/voucher-rows'
import { zh } from '../locales/zh'
import { fetchScore, toScoreCard, whyNoScore, type NoScore, type ScoreCard } from './score-card'

export interface Overview {
  card: ScoreCard | null
  reason: NoScore | null
  vouchers: string
}

const COUNTED = 20

export async function fetchOverview(city: () => Promise<Schema['City']>): Promise<Overview> {
  const [{ levels }, score, vouchers] = await Promise.all([city(), scoreOrReason(), fetchVouchers('usable', undefined, COUNTED)])
  return {
    card: typeof score === 'string' ? null : toScoreCard(score, levels),
    reason: typeof score === 'string' ? score : null,
    vouchers: zh.vouchersReady(vouchers.items.length, vouchers.next_cursor !== null),
  }
}

async function scoreOrReason(): Promise<Schema['Score'] | NoScore> {
  try {
    return await fetchScore()
  } catch (failure) {
    const reason = whyNoScore(failure)
    if (reason) return reason
    throw failure
  }
}
