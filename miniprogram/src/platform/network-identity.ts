/** The national network identity (国家网络身份认证): WeChat opens the national app, and the service asks its platform. */
import { IS_WEB } from './environment'
import type { Ended, StandIn } from './face'
import { mayTouchPrivate } from './privacy'
import { askSimulator, findSimulator } from './simulator'

export interface Parameters {
  orgID: string
  businessID: string
  bizSeq: string
  type: string
}
/** In a trial: who the national app would say that one is. */
export interface Holder {
  name: string
  idNumber: string
}

const PASSED = 0
const NOT_PASSED = 10

export async function canShowNetworkIdentity(): Promise<boolean> {
  return IS_WEB ? (await findSimulator()) !== null : wx.ncidas !== undefined
}

export async function showNetworkIdentity(
  parameters: Parameters,
  standIn: StandIn,
  holder: Holder,
): Promise<Ended> {
  if (IS_WEB) return playApp(parameters, standIn, holder)
  if (!(await mayTouchPrivate())) return 'refused'
  return new Promise((resolve) => {
    wx.ncidas!({
      ...parameters,
      success: () => resolve('done'),
      fail: ({ errMsg }) => resolve(/cancel/.test(errMsg ?? '') ? 'left' : 'unrecognised'),
    })
  })
}

async function playApp(parameters: Parameters, standIn: StandIn, holder: Holder): Promise<Ended> {
  const isRightPerson = await standIn()
  if (isRightPerson === null) return 'left'
  const code = isRightPerson ? PASSED : NOT_PASSED
  const shown = await askSimulator('ncidas', { ...parameters, ...holder, code })
  return shown ? 'done' : 'unrecognised'
}
