// @vitest-environment jsdom
/** The pages as built for WeChat: each opens, and the main ones show what the service says. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fromBase64url, toBase64url } from '../src/ticket/base64url'
import { ED25519, LINK_BYTES, OFFLINE, TICKET_ID_BYTES, pack } from '../src/ticket/layout'
import { pages } from './built'
import { takePhone, type Asked } from './phone'

const OFFER = '满五十元减五元'
const offer = { number: 1, title: OFFER, benefit: '满 50 元减 5 元', terms: [] }
const city = {
  code: 'huangshi', name: '黄石市', score_name: '', short_name: '', slogan: '', office: '', contact: {}, help: [], districts: [],
  levels: [{ code: 'good', name: '信用良好', from: '60.0', from_milli: 60_000 }],
  categories: [{ code: 'shopping', name: '购物' }],
  example_levels: false,
}
const incentive = {
  ...offer, id: 'i1', benefit_kind: 'amount_off', category: 'shopping', claimable: true, distance_m: null, districts: [],
  eligible: true, example: true, form: 'voucher', missing: null, needs: { level: 'good', score: '60.0', score_milli: 60_000 },
  remaining: 4, remaining_for_me: 1, summary: '', unavailable_reason: null, unit_id: null, unit_name: '示例超市',
  valid_from: '2026-01-01', valid_until: '2099-01-01',
}
const voucher = {
  id: 'v1', incentive_id: 'i1', offer, state: 'issued', uses: 1, uses_left: 1, issued_at: '2026-11-01T00:00:00Z',
  expires_at: '2099-01-01T00:00:00Z', ended_at: null, last_redeemed_at: null,
}
const answers: Record<string, unknown> = {
  '/api/v1/public/city': city,
  '/api/v1/public/incentives': { items: [incentive], next_cursor: null },
  '/api/v1/resident/incentives': { items: [incentive], next_cursor: null },
  '/api/v1/resident/vouchers/v1': voucher,
  '/api/v1/resident/vouchers': { items: [voucher], next_cursor: null },
  '/api/v1/merchant/session': { id: 'c1', shop: { id: 's1', name: '便民超市' } },
}

/** As the service would, except for the signature: the phone does not check it. */
function sign({ data }: Asked) {
  const now = Math.floor(Date.now() / 1000)
  const items = data.tickets.map(({ ticket_id, anchor }: { ticket_id: string; anchor: string }) => {
    const body = pack({
      algorithm: ED25519, keyId: 1, offer: 1, notBefore: now, lifeMinutes: 240, flags: OFFLINE,
      ticketId: fromBase64url(ticket_id, TICKET_ID_BYTES),
      anchor: fromBase64url(anchor, LINK_BYTES),
    })
    return { ticket_id, match_number: null, signed: toBase64url(Uint8Array.of(...body, ...new Uint8Array(64))) }
  })
  return { items, server_time: new Date().toISOString() }
}

const pair = { access_token: 'a', refresh_token: 'r' }
let phone: ReturnType<typeof takePhone>

beforeAll(() => {
  phone = takePhone({ 'session.resident': pair, 'session.merchant': pair }, (asked) => {
    const path = asked.url.replace(/^https?:\/\/[^/]+/, '').split('?')[0]!
    if (path === '/api/v1/resident/tickets') return { statusCode: 200, data: sign(asked) }
    const data = answers[path]
    return data ? { statusCode: 200, data } : { statusCode: 404, data: { code: 'not_found', detail: '没有找到。' } }
  })
})
afterAll(() => phone.close())

const shows = (page: { text(): string }, text: string) => vi.waitFor(() => expect(page.text()).toContain(text), { timeout: 5_000 })

it.each(pages)('%s opens', async (path) => {
  const page = await phone.open(path, { id: 'i1', voucher: 'v1', purpose: 'scoring' })
  await vi.waitFor(() => expect(page.text().length).toBeGreaterThan(2), { timeout: 5_000 })
  page.close()
})

describe('what the service says', () => {
  it('stands on the first page and in the catalogue', async () => {
    for (const path of ['pages/home/index', 'pages/incentives/index']) {
      const page = await phone.open(path)
      await shows(page, OFFER)
      page.close()
    }
  })

  it('becomes a code that a shop can scan', async () => {
    const page = await phone.open('pkg-vouchers/code/index', { voucher: 'v1' })
    await shows(page, '秒后换新')
    expect(page.text()).toContain(OFFER)
    expect(page.data()).toContain('data:image/gif;base64,')
    page.close()
  })

  it('names the shop at the desk', async () => {
    const page = await phone.open('pkg-merchant/desk/index')
    await shows(page, '便民超市')
    page.close()
  })
})
