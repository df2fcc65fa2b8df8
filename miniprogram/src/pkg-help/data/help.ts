/** How to reach the office, and the questions that are asked, as the city's own data tells them. */
import type { Schema } from '@/api'
import { zh } from '../locales/zh'

export interface Way {
  kind: 'phone' | 'email' | 'address'
  name: string
  value: string
}

/** What is not published is not shown; an empty list says that nothing is. */
export function toWays({ phone, email, address }: Schema['Contact']): Way[] {
  const ways: Way[] = [
    { kind: 'phone', name: zh.help.phone, value: phone ?? '' },
    { kind: 'address', name: zh.help.address, value: address ?? '' },
    { kind: 'email', name: zh.help.email, value: email ?? '' },
  ]
  return ways.filter(({ value }) => value)
}
