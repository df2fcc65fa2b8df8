/** A member unit: who it is, where its shops are, and what else it offers. */
import { call, type Schema } from '@/api'
import { EVERYTHING, fetchIncentives, toIncentiveRow, type IncentiveRow } from '@/pages/incentives/data/incentive-rows'
import { dayInWords, dayOf } from '@/wording/days'
import { zh } from '../locales/zh'
import { toShopRow, type ShopRow } from './shops'

export interface UnitView {
  name: string
  isExample: boolean
  facts: { name: string; value: string }[]
  commitment: { id: string; title: string; note: string } | null
  shops: ShopRow[]
  offers: IncentiveRow[]
}

export async function fetchUnitView(unitId: string, city: Schema['City'], isResident: boolean): Promise<UnitView> {
  const unit = await call('get', '/api/v1/public/units/{unit_id}', { path: { unit_id: unitId } })
  // The catalogue is searched by words only, and others may be named alike.
  const { items } = await fetchIncentives({ ...EVERYTHING, q: unit.name }, isResident, undefined)
  const offers = items.filter(({ unit_id }) => unit_id === unitId)
  return { ...toUnitView(unit, city), offers: offers.map((offer) => toIncentiveRow(offer, city.levels)) }
}

export function toUnitView(unit: Schema['UnitDetail'], city: Schema['City']): Omit<UnitView, 'offers'> {
  const category = city.categories.find(({ code }) => code === unit.category)?.name
  const district = city.districts.find(({ key }) => key === unit.district)?.name
  const facts = [
    { name: zh.unit.category, value: category ?? '' },
    { name: zh.unit.district, value: district ?? '' },
  ]
  return {
    name: unit.name,
    isExample: unit.example,
    facts: facts.filter(({ value }) => value),
    commitment: unit.commitment && toCommitmentRow(unit.commitment),
    shops: unit.shops.map((shop) => toShopRow(shop, city.districts)),
  }
}

function toCommitmentRow({ id, title, signed_at }: Schema['CommitmentHead']) {
  return { id, title, note: zh.unit.signedOn(dayInWords(dayOf(signed_at))) }
}
