/** In place of uni-app's moments of a page's life: none comes while a page is only drawn. */
const never = () => undefined
export {
  never as onHide,
  never as onLoad,
  never as onPullDownRefresh,
  never as onReady,
  never as onShow,
  never as onUnload,
}
