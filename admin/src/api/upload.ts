/** Sending a file. Only the browser's older way of asking tells how far it has come. */
import { failureOf, type SessionLink } from './client'
import { NetworkFailure } from './problems'

const TIMEOUT_MS = 15 * 60_000
export type Progress = (percent: number) => void

/** A file in a form. The fields come before it, so that the service can refuse by them. */
export function createUpload(link: SessionLink, newRequest = () => new XMLHttpRequest()) {
  return function upload<T>(path: string, fields: Record<string, string>, file: File, progress: Progress): Promise<T> {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', file)
    return send<T>(newRequest(), link, path, form, {}, progress)
  }
}

/** A file that is the whole request: neither browser nor service ever holds all of it. */
export function createFileSending(link: SessionLink, newRequest = () => new XMLHttpRequest()) {
  return function sendFile<T>(path: string, file: File, progress: Progress): Promise<T> {
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    }
    return send<T>(newRequest(), link, path, file, headers, progress)
  }
}

function send<T>(
  request: XMLHttpRequest,
  link: SessionLink,
  path: string,
  body: FormData | File,
  headers: Record<string, string>,
  progress: Progress,
): Promise<T> {
  return new Promise((done, failed) => {
    request.open('POST', path)
    request.timeout = TIMEOUT_MS
    request.setRequestHeader('X-CSRF-Token', link.csrfToken())
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => progress(Math.floor((loaded / total) * 100))
    request.onerror = () => failed(new NetworkFailure('offline'))
    request.ontimeout = () => failed(new NetworkFailure('timeout'))
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status >= 400) return failed(failureOf(link, body, request.status, request.getResponseHeader('retry-after')))
      link.answered()
      done(body as T)
    }
    request.send(body)
  })
}

/** A proxy on the way refuses in HTML. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
