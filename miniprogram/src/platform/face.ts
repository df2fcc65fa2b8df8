/** WeChat's face check. That the phone is done proves nothing: the service asks WeChat who was seen. */
import { IS_WEB } from './environment'
import { mayTouchPrivate } from './privacy'
import { askSimulator, findSimulator } from './simulator'

/** How the phone's part of a proof ended. */
export type Ended = 'done' | 'left' | 'device' | 'network' | 'camera' | 'late' | 'unrecognised' | 'refused'
/** In a trial: whether the right person is there; null when one goes back. */
export type StandIn = () => Promise<boolean | null>

const PASSED = 10000
const BAD_PICTURE = 90013
const ENDS: Record<number, Ended> = {
  90001: 'device',
  90109: 'device',
  90002: 'left',
  90003: 'left',
  90004: 'left',
  90005: 'left',
  90006: 'left',
  90007: 'network',
  90012: 'network',
  90008: 'camera',
  90009: 'camera',
  90010: 'camera',
  90017: 'late',
  90107: 'late',
}

/** What WeChat's number for a check that did not pass means. */
export const whyNotPassed = (code: unknown): Ended => ENDS[Number(code)] ?? 'unrecognised'

export async function canCheckFace(): Promise<boolean> {
  if (IS_WEB) return (await findSimulator()) !== null
  return new Promise((resolve) => {
    if (!wx.requestFacialVerify || !wx.checkIsSupportFacialRecognition) resolve(false)
    else wx.checkIsSupportFacialRecognition({ success: () => resolve(true), fail: () => resolve(false) })
  })
}

export async function checkFace(verifyId: string, standIn: StandIn): Promise<Ended> {
  if (IS_WEB) return playFace(verifyId, standIn)
  if (!(await mayTouchPrivate())) return 'refused'
  return new Promise((resolve) => {
    wx.requestFacialVerify!({
      verifyId,
      success: () => resolve('done'),
      fail: ({ errCode }) => resolve(whyNotPassed(errCode)),
    })
  })
}

async function playFace(verifyId: string, standIn: StandIn): Promise<Ended> {
  const isRightPerson = await standIn()
  if (isRightPerson === null) return 'left'
  const result = isRightPerson ? PASSED : BAD_PICTURE
  const seen = await askSimulator(`face/${encodeURIComponent(verifyId)}`, { result })
  return seen ? 'done' : 'late'
}
