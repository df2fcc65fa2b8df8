/** What uni-h5 draws around the page: title and tabs, with the names its style sheet knows. */
import pages from '../../src/pages.json'

const HEAD_HEIGHT = 44
const TABS_HEIGHT = 50

/** The distances uni-h5 sets on the document when it starts. */
const DISTANCES: Record<string, string> = {
  'status-bar-height': '0px',
  'top-window-height': '0px',
  'window-left': '0px',
  'window-right': '0px',
  'window-margin': '0px',
  'tab-bar-height': `${TABS_HEIGHT}px`,
  'window-top': `calc(${HEAD_HEIGHT}px + env(safe-area-inset-top))`,
  'window-bottom': `calc(${TABS_HEIGHT}px + env(safe-area-inset-bottom))`,
}
export const DISTANCE_RULE = `:root{${Object.entries(DISTANCES).map(([name, value]) => `--${name}:${value}`).join(';')}}`

export function surrounded(page: string, base: string): string {
  const { path, style } = pages.pages[0]!
  return (
    '<uni-app class="uni-app--showtabbar">' +
    `<uni-page data-page="${path}" type="tabBar">${head(style.navigationBarTitleText)}` +
    `<uni-page-wrapper><uni-page-body>${page}</uni-page-body></uni-page-wrapper></uni-page>${tabs(path, base)}</uni-app>`
  )
}

function head(title: string): string {
  const { navigationBarBackgroundColor: background, navigationBarTextStyle: colour } = pages.globalStyle
  return (
    `<uni-page-head uni-page-head-type="default"><div class="uni-page-head" style="background-color:${background};color:${colour}">` +
    '<div class="uni-page-head-hd"></div><div class="uni-page-head-bd">' +
    `<div class="uni-page-head__title" style="font-size:16px">${title}</div></div>` +
    '<div class="uni-page-head-ft"></div></div><div class="uni-placeholder"></div></uni-page-head>'
  )
}

function tabs(chosen: string, base: string): string {
  const { list, color, selectedColor, backgroundColor, fontSize } = pages.tabBar
  const items = list.map(({ pagePath, text, iconPath, selectedIconPath }) => {
    const isChosen = pagePath === chosen
    return (
      `<div class="uni-tabbar__item"><div class="uni-tabbar__bd" style="height:${TABS_HEIGHT}px">` +
      '<div class="uni-tabbar__icon uni-tabbar__icon__diff" style="width:24px;height:24px">' +
      `<img src="${base}${isChosen ? selectedIconPath : iconPath}" alt=""></div>` +
      `<div class="uni-tabbar__label" style="color:${isChosen ? selectedColor : color};font-size:${fontSize};` +
      `line-height:normal;margin-top:3px">${text}</div></div></div>`
    )
  })
  return (
    `<uni-tabbar class="uni-tabbar-bottom"><div class="uni-tabbar" style="background-color:${backgroundColor}">` +
    `<div class="uni-tabbar-border" style="background-color:rgba(255,255,255,.33)"></div>${items.join('')}</div>` +
    `<div class="uni-placeholder" style="height:${TABS_HEIGHT}px"></div></uni-tabbar>`
  )
}
