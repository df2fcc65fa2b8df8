/** What a chart shows; its table shows the same. */
export interface ChartData {
  labels: readonly string[]
  /** A value for each label; null where there is none, and a line ends. */
  series: readonly { name: string; values: readonly (number | null)[] }[]
  /** The axis begins near the least value and not at 0: it is the differences that are looked at. */
  isCloseUp?: boolean
}
export type ChartKind = 'lines' | 'bars'
