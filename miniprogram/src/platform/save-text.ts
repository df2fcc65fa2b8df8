/** A text as a file of one's own: downloaded on the web, handed to a chat in WeChat, which has no folders. */
import { IS_WEB } from './environment'

export function saveText(name: string, text: string): Promise<boolean> {
  return IS_WEB ? Promise.resolve(download(name, text)) : share(name, text)
}

function download(name: string, text: string): boolean {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
  return true
}

/** The copy in WeChat's folder goes again, whether it was passed on or not. */
function share(name: string, text: string): Promise<boolean> {
  const files = wx.getFileSystemManager()
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  const done = (isSaved: boolean) => {
    files.unlink({ filePath, fail: () => undefined })
    return isSaved
  }
  return new Promise((resolve) => {
    files.writeFile({
      filePath,
      data: text,
      encoding: 'utf8',
      success: () =>
        wx.shareFileMessage({
          filePath,
          fileName: name,
          success: () => resolve(done(true)),
          fail: () => resolve(done(false)),
        }),
      fail: () => resolve(false),
    })
  })
}
