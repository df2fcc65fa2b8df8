// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, NetworkFailure } from './problems'
import { createFileSending, createUpload } from './upload'

const link = { csrfToken: () => 'word', answered: vi.fn(), ended: vi.fn(), outdated: vi.fn() }
const file = new File(['%PDF'], '执照.pdf')

/** What the browser's own request would do, played by hand. */
class Played {
  status = 0
  responseText = ''
  timeout = 0
  headers: Record<string, string> = {}
  form?: FormData
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {}
  onload?: () => void
  onerror?: () => void
  open = vi.fn()
  setRequestHeader = (name: string, value: string) => void (this.headers[name] = value)
  getResponseHeader = () => null
  send = (form: FormData) => void (this.form = form)
  answer(status: number, text: string) {
    this.status = status
    this.responseText = text
    this.onload?.()
  }
}
function begin() {
  const played = new Played()
  const progress = vi.fn()
  const upload = createUpload(link, () => played as unknown as XMLHttpRequest)
  return { played, progress, done: upload<{ id: string }>('/documents', { requirement: 'licence' }, file, progress) }
}

beforeEach(() => vi.clearAllMocks())

describe('an upload', () => {
  it('sends fields and file with the secret word, and tells how far it is', async () => {
    const { played, progress, done } = begin()
    expect([...played.form!.keys()]).toEqual(['requirement', 'file'])
    expect(played.headers).toEqual({ 'X-CSRF-Token': 'word' })
    played.upload.onprogress!({ loaded: 1, total: 3 })
    expect(progress).toHaveBeenCalledWith(33)
    played.answer(201, '{"id": "d"}')
    await expect(done).resolves.toEqual({ id: 'd' })
    expect(link.answered).toHaveBeenCalledOnce()
  })

  it('throws a refusal with what is wrong', async () => {
    const { played, done } = begin()
    played.answer(422, JSON.stringify({ code: 'document.locked', errors: { file: ['这个 PDF 设有密码。'] } }))
    const failure = await done.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({ code: 'document.locked', errors: { file: ['这个 PDF 设有密码。'] } })
  })

  it('knows a session that is over, a proxy’s page, and a network that is gone', async () => {
    const ended = begin()
    ended.played.answer(401, '{"code": "session.ended"}')
    await expect(ended.done).rejects.toMatchObject({ status: 401 })
    expect(link.ended).toHaveBeenCalledOnce()
    const proxied = begin()
    proxied.played.answer(413, '<html>')
    await expect(proxied.done).rejects.toMatchObject({ code: 'http.413' })
    const lost = begin()
    lost.played.onerror!()
    await expect(lost.done).rejects.toBeInstanceOf(NetworkFailure)
  })
})

it('sends a file that is the whole request, with its name and what kind of thing it is', async () => {
  const played = new Played()
  const sendFile = createFileSending(link, () => played as unknown as XMLHttpRequest)
  const done = sendFile<{ id: string }>('/batches', file, vi.fn())
  expect(played.form).toBe(file)
  expect(played.headers).toEqual({
    'X-CSRF-Token': 'word',
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': "attachment; filename*=UTF-8''%E6%89%A7%E7%85%A7.pdf",
  })
  played.answer(202, '{"id": "b"}')
  await expect(done).resolves.toEqual({ id: 'b' })
})
