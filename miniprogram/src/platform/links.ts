/**
 * Addresses that come from outside: in a message, in a code on a poster, or handed on while somebody signs
 * in. Only pages of this app are followed, so that no link can lead elsewhere.
 */
const OWN_PAGE = /^\/(pages|pkg-[a-z]+)\/[a-z-]+\/index(\?[\w=&%.~-]*)?$/
/** Where the same pages stand on the web. */
const WEB_BASE = /^https?:\/\/[^/]+\/m(?=\/)/

/** The address as a page of this app, or null when it is none. */
export function ownAddress(given: string | null | undefined): string | null {
  if (!given) return null
  const address = given.startsWith('/') ? given : `/${given}`
  return OWN_PAGE.test(address) ? address : null
}

/**
 * The page somebody is led to who came in by home: `to` stands in our own links and messages, `q` is what
 * WeChat hands over of an ordinary link in a code, and `scene` what a mini-program code carries.
 */
export function linkedAddress(query: Record<string, string | undefined> = {}): string | null {
  for (const given of [query.to, query.q, query.scene]) {
    const address = ownAddress(decoded(given).replace(WEB_BASE, ''))
    if (address) return address
  }
  return null
}

function decoded(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
