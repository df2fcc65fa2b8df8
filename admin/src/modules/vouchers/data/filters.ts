/** What both lists can be narrowed by. */
import { withAll, type ListFilter } from '@/ui/list-page'
import { zh } from '../locales/zh'
import type { ListFilters } from './lists'

export const filtersWith = (states: readonly string[]): ListFilter<keyof ListFilters & string>[] => [
  { name: 'from', label: zh.from, isDay: true },
  { name: 'to', label: zh.to, isDay: true },
  { name: 'state', label: zh.state, choices: withAll(states.map((state) => ({ value: state, text: zh.states[state] ?? state }))) },
]
