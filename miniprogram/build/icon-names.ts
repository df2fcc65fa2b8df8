/** The icons the pages and the TDesign components in use show; one that is missing here shows nothing. */
export const ICONS = [
  // Used by TDesign's own components.
  'chevron-right', 'chevron-left', 'chevron-down', 'close', 'close-circle-filled', 'check', 'check-circle-filled',
  'error-circle-filled', 'error-circle', 'info-circle-filled', 'loading', 'search', 'minus', 'add',
  // Used by our pages.
  'arrow-left', 'arrow-right', 'calendar', 'chart-bar', 'check-circle', 'chevron-up', 'coupon', 'discount',
  'edit', 'filter', 'help-circle', 'history', 'home', 'info-circle', 'location', 'lock-on', 'logout', 'mail',
  'notification', 'play-circle', 'qrcode', 'refresh', 'scan', 'secured', 'setting', 'shop', 'star', 'thumb-up',
  'time', 'user', 'user-safety', 'verified', 'wallet', 'wifi-off', 'zoom-in',
  'browse', 'copy', 'delete', 'file-export', 'institution', 'mobile', 'user-circle',
]
