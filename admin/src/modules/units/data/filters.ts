/** What applications and units can be narrowed by. */
import { computed } from 'vue'
import { useCity } from '@/modules/city/data/city'
import { withAll, type ListFilter } from '@/ui/list-page'
import { zh } from '../locales/zh'

export function useUnitFilters(words: Record<string, string>, states = Object.keys(words)) {
  const { categories, districts } = useCity()
  return computed((): ListFilter<'state' | 'district' | 'category'>[] => [
    { name: 'state', label: zh.list.state, choices: withAll(states.map((value) => ({ value, text: words[value] ?? value }))) },
    { name: 'district', label: zh.list.district, choices: withAll(districts.value.map(({ key, name }) => ({ value: key, text: name }))) },
    { name: 'category', label: zh.list.category, choices: withAll(categories.value.map(({ code, name }) => ({ value: code, text: name }))) },
  ])
}
