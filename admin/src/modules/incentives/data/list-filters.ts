/** What the lists of incentives and of drafts can be narrowed by; the district only by the office. */
import { computed } from 'vue'
import { useCity } from '@/modules/city/data/city'
import { useSession } from '@/stores/session'
import { withAll, type Choice, type ListFilter } from '@/ui/list-page'
import { zh } from '../locales/zh'

const words = zh.list
type Name = 'state' | 'category' | 'district' | 'sort'

export function useIncentiveFilters(states: readonly Choice[], sorts: Record<string, string>) {
  const { categories, districts } = useCity()
  const isOffice = useSession().account?.kind !== 'partner'
  return computed((): ListFilter<Name>[] => [
    { name: 'state', label: words.state, choices: states },
    { name: 'category', label: words.category, choices: withAll(categories.value.map(({ code, name }) => ({ value: code, text: name }))) },
    ...(isOffice
      ? [{ name: 'district' as const, label: words.district, choices: withAll(districts.value.map(({ key, name }) => ({ value: key, text: name }))) }]
      : []),
    { name: 'sort', label: words.sort, choices: Object.entries(sorts).map(([value, text]) => ({ value, text })) },
  ])
}

export const namedStates = (...states: string[]): Choice[] => states.map((value) => ({ value, text: zh.states[value] ?? value }))
