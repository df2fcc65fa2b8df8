/** Proving who one is. In a trial the provider `sandbox` believes what is typed. */
import { call } from '@/api'
import { tidyIdNumber } from './id-number'

export interface Claim {
  name: string
  idNumber: string
}

export const bind = (claim: Claim, move: boolean, key: string) =>
  call('post', '/api/v1/resident/identity', {
    key,
    body: {
      name: claim.name.trim(),
      id_number: tidyIdNumber(claim.idNumber),
      proof: { provider: 'sandbox' },
      move,
    },
  })
