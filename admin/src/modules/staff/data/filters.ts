/** What the list of people can be narrowed by: a unit sees its own, the office everybody's. */
import { computed } from 'vue'
import { useCity } from '@/modules/city/data/city'
import { withAll, type ListFilter } from '@/ui/list-page'
import { zh } from '../locales/zh'
import { rolesFor } from './role-choice'

const houses = withAll([
  { value: 'office', text: zh.list.office },
  { value: 'partner', text: zh.list.partner },
])
const states = withAll(Object.entries(zh.states).map(([value, text]) => ({ value, text })))

export function useStaffFilters(isOffice: boolean) {
  const { districts } = useCity()
  const roles = [...(isOffice ? rolesFor('office') : []), ...rolesFor('partner')].map(({ code, name }) => ({ value: code, text: name }))
  return computed((): ListFilter<'role' | 'district' | 'kind' | 'state'>[] => {
    const places = withAll(districts.value.map(({ key, name }) => ({ value: key, text: name })))
    return [
      { name: 'role', label: zh.list.role, choices: withAll(roles) },
      ...(isOffice
        ? [
            { name: 'district' as const, label: zh.list.district, choices: places },
            { name: 'kind' as const, label: zh.list.house, choices: houses },
          ]
        : []),
      { name: 'state', label: zh.list.state, choices: states },
    ]
  })
}
