/** What a `ListPage` is told about its columns and filters. */
import { zh } from '@/locales/zh'

export interface ListColumn {
  key: string
  title: string
  width?: string
  isNumber?: boolean
  /** The orders the service has for it, the least first and the greatest first; only what an index proves. */
  sorts?: readonly [ascending: string, descending: string]
}

export interface Choice {
  value: string
  text: string
}

/** One of a few, or a day. */
export type ListFilter<Name extends string> =
  | { name: Name; label: string; choices: readonly Choice[] }
  | { name: Name; label: string; isDay: true }

export const withAll = (choices: readonly Choice[]): Choice[] => [{ value: '', text: zh.all }, ...choices]

/** `-key` for the greatest first, as `DataTable` says it. */
export function orderShown(columns: readonly ListColumn[], sort: string | undefined): string | undefined {
  const sorted = columns.find(({ sorts }) => sort && sorts?.includes(sort))
  return sorted && (sorted.sorts![0] === sort ? sorted.key : `-${sorted.key}`)
}

export function orderAsked(columns: readonly ListColumn[], by: string): string {
  const [ascending, descending] = columns.find(({ key }) => key === by.replace(/^-/, ''))!.sorts!
  return by.startsWith('-') ? descending : ascending
}
