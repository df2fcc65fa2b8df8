/** The city this console is for: its name, districts and categories, which change with no visit. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { answer, client } from '@/api'
import { zh } from '../locales/zh'

export function useCity() {
  const { data } = useQuery({
    queryKey: ['city'],
    queryFn: () => answer(client.GET('/api/v1/public/city')),
    staleTime: Infinity,
  })
  const districts = computed(() => data.value?.districts ?? [])
  const levels = computed(() => data.value?.levels ?? [])
  /** Nobody's district means all of them. */
  const districtName = (key: string | null | undefined) =>
    key ? (districts.value.find((each) => each.key === key)?.name ?? key) : zh.wholeCity
  const categories = computed(() => data.value?.categories ?? [])
  const categoryName = (code: string | null | undefined) => categories.value.find((each) => each.code === code)?.name ?? code ?? ''
  return { categories, levels, categoryName, name: computed(() => data.value?.name ?? ''), districts, districtName }
}
