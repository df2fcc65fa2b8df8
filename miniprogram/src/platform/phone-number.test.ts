import { expect, it, vi } from 'vitest'
import { phoneCodeFromSimulator, phoneCodeOf } from './phone-number'

const outside = vi.hoisted(() => ({ askSimulator: vi.fn() }))
vi.mock('./simulator', () => outside)

it('a tap on WeChat’s button brings a code, or why there is none', () => {
  const ok = 'getPhoneNumber:ok'
  expect(phoneCodeOf({ detail: { code: 'c', errMsg: ok } })).toEqual({ code: 'c' })
  expect(phoneCodeOf({ detail: { errMsg: 'getPhoneNumber:fail user deny' } })).toBe('left')
  expect(phoneCodeOf({ detail: { errno: 1400001, errMsg: 'getPhoneNumber:fail no quota' } })).toBe('used_up')
  expect(phoneCodeOf({ detail: { errMsg: 'getPhoneNumber:fail no permission' } })).toBe('failed')
  expect(phoneCodeOf({})).toBe('failed')
})

it('the simulator answers like the button', async () => {
  outside.askSimulator.mockResolvedValueOnce({ code: 'c', expires_in: 300 }).mockResolvedValueOnce(null)
  expect(await phoneCodeFromSimulator('li-guihua')).toEqual({ code: 'c' })
  expect(outside.askSimulator).toHaveBeenCalledWith('phone', { user: 'li-guihua' })
  expect(await phoneCodeFromSimulator('li-guihua')).toBe('failed')
})
