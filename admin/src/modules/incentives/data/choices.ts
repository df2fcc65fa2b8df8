/** What may be chosen where: codes with their names, from the city and from the unit. */
import { computed } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { zh as common } from '@/locales/zh'
import { useCity } from '@/modules/city/data/city'
import { zh } from '../locales/zh'
import type { Field } from './form'
import { shopsOf } from './incentives'

export interface Choice {
  value: string
  text: string
}
const named = (names: Record<string, string>): Choice[] => Object.entries(names).map(([value, text]) => ({ value, text }))

export function useChoices(unit: () => string | undefined) {
  const { categories, levels, districts } = useCity()
  const { data: shops } = useQuery({
    queryKey: computed(() => ['shops-of', unit()]),
    queryFn: () => shopsOf(unit()!),
    enabled: computed(() => !!unit()),
  })
  const choices = computed<Partial<Record<Field, Choice[]>>>(() => ({
    form: named(zh.forms),
    category: categories.value.map(({ code, name }) => ({ value: code, text: name })),
    benefit_kind: named(zh.benefitKinds),
    level: levels.value.map(({ code, name }) => ({ value: code, text: name })),
    limit_period: named(zh.periods),
    cost_bearer: named(zh.costBearers),
    weekdays: named(zh.weekdays),
    districts: districts.value.map(({ key, name }) => ({ value: key, text: name })),
    shop_ids: (shops.value ?? []).map(({ id, name }) => ({ value: id, text: name })),
  }))
  return { choices, categories: computed(() => [{ value: '', text: common.all }, ...(choices.value.category ?? [])]) }
}
