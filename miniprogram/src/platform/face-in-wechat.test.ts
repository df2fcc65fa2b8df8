import { beforeEach, expect, it, vi } from 'vitest'
import { canCheckFace, checkFace } from './face'
import { canShowNetworkIdentity, showNetworkIdentity } from './network-identity'

vi.mock('./environment', () => ({ IS_WEB: false }))

type Options = { success(): void; fail(error: object): void }
const PARAMETERS = { orgID: 'o', businessID: 'b', bizSeq: 's', type: '1' }
const play = async () => true
const weixin = {
  requirePrivacyAuthorize: vi.fn(({ success }: Options) => success()),
  checkIsSupportFacialRecognition: vi.fn(({ success }: Options) => success()),
  requestFacialVerify: vi.fn(({ success }: Options) => success()),
  ncidas: vi.fn(({ success }: Options) => success()),
}

beforeEach(() => {
  vi.clearAllMocks()
  vi.stubGlobal('wx', { ...weixin })
})

it('WeChat is given the check and nothing else', async () => {
  expect(await checkFace('v', play)).toBe('done')
  expect(weixin.requestFacialVerify).toHaveBeenCalledWith({ verifyId: 'v', success: expect.anything(), fail: expect.anything() })
  expect(await showNetworkIdentity(PARAMETERS, play, { name: '李桂花', idNumber: '4202' })).toBe('done')
  const given = weixin.ncidas.mock.calls[0]![0]
  expect(Object.keys(given).sort()).toEqual(['bizSeq', 'businessID', 'fail', 'orgID', 'success', 'type'])
})

it('privacy is asked first, and a no touches nothing', async () => {
  weixin.requirePrivacyAuthorize.mockImplementation(({ fail }) => fail({}))
  expect(await checkFace('v', play)).toBe('refused')
  expect(await showNetworkIdentity(PARAMETERS, play, { name: '', idNumber: '' })).toBe('refused')
  expect(weixin.requestFacialVerify).not.toHaveBeenCalled()
  expect(weixin.ncidas).not.toHaveBeenCalled()
  weixin.requirePrivacyAuthorize.mockImplementation(({ success }) => success())
})

it('an end that is not good is told by its reason', async () => {
  weixin.requestFacialVerify.mockImplementationOnce(({ fail }) => fail({ errCode: 90009 }))
  expect(await checkFace('v', play)).toBe('camera')
  weixin.ncidas.mockImplementationOnce(({ fail }) => fail({ errMsg: 'ncidas:fail cancel' }))
  expect(await showNetworkIdentity(PARAMETERS, play, { name: '', idNumber: '' })).toBe('left')
})

it('an old WeChat, or a phone without a fitting camera, is not offered what it cannot do', async () => {
  expect([await canCheckFace(), await canShowNetworkIdentity()]).toEqual([true, true])
  weixin.checkIsSupportFacialRecognition.mockImplementationOnce(({ fail }) => fail({}))
  expect(await canCheckFace()).toBe(false)
  vi.stubGlobal('wx', {})
  expect([await canCheckFace(), await canShowNetworkIdentity()]).toEqual([false, false])
})
