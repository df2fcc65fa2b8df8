/** The telephone number a resident may have left, with its middle hidden. */
import { call } from '@/api'

export const fetchPhone = async () => (await call('get', '/api/v1/resident/phone')).phone

export const leavePhone = (code: string, key: string) => call('post', '/api/v1/resident/phone', { key, body: { code } })

export const forgetPhone = () => call('delete', '/api/v1/resident/phone')
