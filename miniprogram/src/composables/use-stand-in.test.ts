import { expect, it } from 'vitest'
import { useStandIn } from './use-stand-in'

it('asks once for each time it stands in, and hands on what was answered', async () => {
  const { isAsked, ask, answer } = useStandIn()
  for (const given of [true, false, null]) {
    const reply = ask()
    expect(isAsked.value).toBe(true)
    answer(given)
    expect([isAsked.value, await reply]).toEqual([false, given])
  }
})
