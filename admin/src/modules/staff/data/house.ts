/** Where somebody belongs: a unit, or the office with its district. */
import { useCity } from '@/modules/city/data/city'
import { zh } from '../locales/zh'

export function useHouse() {
  const { districtName } = useCity()
  return ({ unit, district }: { unit: { name: string } | null; district: string | null }): string =>
    unit ? unit.name : zh.list.officeOf(districtName(district))
}
