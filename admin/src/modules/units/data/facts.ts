/** An application as rows to read: what each is called, what was filled in, and the field a reason names. */
import { useCity } from '@/modules/city/data/city'
import { FIXED, documentsAsked, textsOf, type Application } from './applications'
import { zh } from '../locales/zh'

export interface Fact {
  field: string
  name: string
  text: string
}

export function useApplicationFacts() {
  const { categoryName, districtName } = useCity()
  return (application: Application): Fact[] => {
    const shown: Record<string, string> = {
      category: categoryName(application.category),
      district: districtName(application.district),
    }
    return [
      ...FIXED.map((field) => ({ field, name: zh.fields[field]!, text: shown[field] ?? application[field] ?? '' })),
      ...textsOf(application).map(({ code, name }) => ({ field: `answers.${code}`, name, text: application.answers[code] ?? '' })),
    ]
  }
}

/** What a reason for a return may name: every fact, and every document. */
export const useReturnable = () => {
  const factsOf = useApplicationFacts()
  return (application: Application): Pick<Fact, 'field' | 'name'>[] => [
    ...factsOf(application),
    ...documentsAsked(application).map(({ code, name }) => ({ field: `documents.${code}`, name })),
  ]
}
