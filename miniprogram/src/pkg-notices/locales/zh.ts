export const zh = {
  title: '消息',
  unread: (count: number) => (count ? `${count} 条未读` : '都看过了'),
  readAll: '全部标为已看',
  mark: '未读',
  look: '去看看',
  empty: { title: '还没有消息', text: '领券、用券、快到期，都会在这里告诉您。', action: '去看权益' },
  messages: {
    title: '微信提醒',
    text: '同意后，有这些事时微信会告诉您一次。提醒里不写姓名、证件和分数。',
    ask: '让微信提醒我',
    asked: '记下了，需要时微信会提醒您',
    refused: '没有开启，随时可以再来',
  },
  today: (clock: string) => `今天 ${clock}`,
}
