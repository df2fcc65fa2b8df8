import { expect, it } from 'vitest'
import vectors from '../../../../tests/backend/vouchers/ticket/vectors.json'
import { toBase64url } from '@/ticket/base64url'
import { show } from '@/ticket/phone'
import { drawTickets, firstUsable, secondsToNextStep, toDraft, toHeld, toStored } from './held-tickets'

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const drawn = { ticketId: bytes(vectors.ticket_id), top: bytes(vectors.seed_cn), lifeMinutes: 240 }
const answer = {
  server_time: '2026-11-18T00:00:00Z',
  items: [
    { ticket_id: toBase64url(drawn.ticketId), signed: toBase64url(bytes(vectors.body + vectors.signature)), match_number: '42' },
  ],
}
const stored = toStored([drawn], answer)
const start = vectors.not_before

it('sends id and anchor only, never the top of the chain', () => {
  expect(toDraft(drawn)).toEqual({
    ticket_id: toBase64url(bytes(vectors.ticket_id)),
    anchor: toBase64url(bytes(vectors.anchor_c0)),
  })
})

it('comes back from storage able to show the same code', () => {
  const held = toHeld(JSON.parse(JSON.stringify(stored[0])))
  expect(show(held.ticket, held.signed, start)).toBe(vectors.steps['1'].text)
  expect(held).toMatchObject({ matchNumber: '42', startsAt: start, endsAt: start + 240 * 60 })
})

it('takes a ticket that is good for a while yet, and none that is nearly over', () => {
  expect(firstUsable(stored, start + 1000)).not.toBeNull()
  expect(firstUsable(stored, start + 240 * 60 - 30)).toBeNull()
})

it('leaves out what was not signed', async () => {
  const other = await drawTickets(async (length) => new Uint8Array(length), 2)
  expect(toStored([...other, drawn], answer)).toHaveLength(1)
})

it('counts down to the next link, whole seconds from thirty to one', () => {
  const held = toHeld(stored[0]!)
  expect(secondsToNextStep(held, start, 30)).toBe(30)
  expect(secondsToNextStep(held, start + 29.5, 30)).toBe(1)
  expect(secondsToNextStep(held, start + 30, 30)).toBe(30)
  expect(secondsToNextStep(held, start - 1, 30)).toBe(1)
})
