/** Words that more than one domain shows. A domain's own stand in its `locales/zh.ts`. */
export const zh = {
  retry: '再试一次',
  back: '返回',
  cancel: '取消',
  loading: '正在加载',
  moreFailed: '后面的内容没有取到',
  end: '没有更多了',
  example: '示例',
  offline: '现在没有网络，显示的可能不是最新内容。',
  signInFirst: '请先登录',
  signIn: '去登录',
  signInWhy: { resident: '登录后才能看到您自己的内容。', merchant: '店员登录后才能核验顾客的优惠。' },
  quote: (id: string) => `求助时请报编号 ${id.slice(0, 8)}`,
  waitSeconds: (seconds: number) => `请过 ${seconds} 秒再试。`,
  failure: {
    title: '没有取到内容',
    offline: '网络连不上，请检查手机的网络后再试。',
    timeout: '网络太慢，这次没有等到回答。',
    signedOut: '登录已经过期，请重新登录。',
    service: '系统出了点问题，我们已经记录。请稍后再试。',
    unknown: '没有成功，请稍后再试。',
  },
  /** Where the page knows better words than the service, by the refusal's code. */
  refusals: {
    'request.too_many': '操作太频繁了，请稍等一会儿再试。',
    'database.unavailable': '系统正忙，请稍后再试。',
    'service.busy': '现在人很多，请稍后再试。',
    'idempotency.in_progress': '上一次操作还在处理，请稍等几秒再看结果。',
    internal: '系统出了点问题，我们已经记录。请稍后再试。',
  } as Record<string, string>,
  privacy: {
    title: '用之前先说清楚',
    text: '接下来的功能要用到相机、人脸、手机号、位置或剪贴板。我们只在您点的时候用，不会保存照片、人脸和位置。',
    agree: '同意',
    disagree: '不用了',
    read: '看隐私保护指引',
  },
  /** In a trial, instead of what WeChat would show. */
  standIn: { note: '这是演示：代替微信自己的画面。', leave: '退出，不做了' },
  update: { title: '有新版本', content: '新版本已经准备好，现在换上吗？' },
  tabs: { home: '首页', incentives: '权益', vouchers: '我的券', me: '我的' },
}
