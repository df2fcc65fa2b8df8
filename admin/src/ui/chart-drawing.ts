/** The drawing of charts, loaded with the first chart: only what ours need of ECharts. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { count } from '@/formats'
import type { ChartData, ChartKind } from './chart'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

const DASHES = ['solid', 'dashed', 'dotted'] as const
const PATTERN_OPACITY = [1, 0.55]
const LONGEST_LABEL = 12

export function draw(place: HTMLElement, kind: ChartKind, data: ChartData): { redraw(data: ChartData): void; end(): void } {
  const chart = init(place, null, { renderer: 'svg' })
  const redraw = (shown: ChartData) => chart.setOption(optionsFor(kind, shown, looksOf(place)), true)
  redraw(data)
  const watching = new ResizeObserver(() => chart.resize())
  watching.observe(place)
  return {
    redraw,
    end() {
      watching.disconnect()
      chart.dispose()
    },
  }
}

interface Looks {
  font: string
  text: string
  line: string
  series: string[]
}

function looksOf(place: HTMLElement): Looks {
  const style = getComputedStyle(place)
  const colour = (name: string) => style.getPropertyValue(`--color-${name}`).trim()
  return {
    font: style.fontFamily,
    text: colour('text-soft'),
    line: colour('line'),
    series: [colour('primary'), colour('accent'), colour('text-soft')],
  }
}

function optionsFor(kind: ChartKind, { labels, series, isCloseUp = false }: ChartData, looks: Looks) {
  const isLines = kind === 'lines'
  const names = {
    type: 'category' as const,
    data: [...labels],
    inverse: !isLines,
    axisLabel: { color: looks.text, formatter: isLines ? undefined : shortened },
    axisLine: { lineStyle: { color: looks.line } },
    axisTick: { show: false },
  }
  const numbers = {
    type: 'value' as const,
    minInterval: 1,
    scale: isCloseUp,
    axisLabel: { color: looks.text, formatter: count, hideOverlap: true },
    splitLine: { lineStyle: { color: looks.line } },
  }
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    color: looks.series,
    textStyle: { fontFamily: looks.font },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 28, textStyle: { color: looks.text } },
    tooltip: { trigger: 'axis' as const, confine: true, valueFormatter: (value: unknown) => (value == null ? '—' : count(Number(value))) },
    xAxis: isLines ? names : numbers,
    yAxis: isLines ? numbers : names,
    series: series.map(({ name, values }, place) => ({
      name,
      data: [...values],
      ...(isLines
        ? { type: 'line' as const, showSymbol: labels.length < 32, lineStyle: { width: 2, type: dashOf(place) } }
        : { type: 'bar' as const, barMaxWidth: 14, itemStyle: { opacity: PATTERN_OPACITY[place % PATTERN_OPACITY.length] } }),
    })),
  }
}

/** Not with the colours' period alone: a fourth line would look like the first. */
const dashOf = (place: number) => DASHES[(place + Math.floor(place / DASHES.length)) % DASHES.length]
const shortened = (name: string) => (name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL)}…` : name)
