/** What a chart shows; its table shows the same. */
export interface ChartData {
  labels: readonly string[]
  series: readonly { name: string; values: readonly number[] }[]
}
export type ChartKind = 'lines' | 'bars'
