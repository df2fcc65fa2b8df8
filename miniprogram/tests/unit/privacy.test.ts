/** What WeChat counts as private is asked for first, and declared: in one list, and where WeChat reads it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../src/manifest.json'
import { PRIVATE_CALLS } from '../../src/platform/privacy'
import { COUNTED_AS_PRIVATE } from './private-calls'

const PLATFORM = join(process.cwd(), 'src/platform')
const sources = readdirSync(PLATFORM)
  .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(PLATFORM, file), 'utf8') }))

/** Of these WeChat wants the calls for a place in the app's own description besides. */
const PLACES = ['getLocation', 'getFuzzyLocation', 'chooseLocation', 'choosePoi', 'chooseAddress', 'onLocationChange', 'startLocationUpdate', 'startLocationUpdateBackground']

const callsIn = (text: string) => [...text.matchAll(/\b(?:uni|wx)\.(\w+)/g)].map(([, name]) => name!)
/** Some calls are a button's, which only a tap makes; WeChat asks before it opens anything. */
const SRC = join(process.cwd(), 'src')
const buttons = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.vue'))
  .flatMap((file) => [...readFileSync(join(SRC, file), 'utf8').matchAll(/open-type="(\w+)"/g)].map(([, name]) => name!))
const made = [...new Set([...sources.flatMap(({ text }) => callsIn(text)), ...buttons])].filter((name) =>
  COUNTED_AS_PRIVATE.includes(name),
)
const weixin = manifest['mp-weixin']

describe('what WeChat counts as private', () => {
  it('stands in one list, call for call', () => {
    expect(made.sort()).toEqual([...PRIVATE_CALLS].sort())
  })

  it('is declared where WeChat reads it', () => {
    expect(weixin.__usePrivacyCheck__).toBe(true)
    const places = made.filter((name) => PLACES.includes(name))
    expect(weixin.requiredPrivateInfos).toEqual(places)
    if (places.length) expect(weixin.permission['scope.userLocation'].desc).not.toBe('')
  })

  it('is asked for before it is touched', () => {
    const without = sources.filter(
      ({ text }) => callsIn(text).some((name) => COUNTED_AS_PRIVATE.includes(name)) && !text.includes('await mayTouchPrivate()'),
    )
    expect(without.map(({ file }) => file)).toEqual([])
  })
})
