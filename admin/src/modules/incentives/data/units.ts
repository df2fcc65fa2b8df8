/** Units by name; a city has some dozens of them. */
import { answer, client } from '@/api'

export const listUnits = async () => (await answer(client.GET('/api/v1/public/units', { params: { query: { limit: 200 } } }))).items
