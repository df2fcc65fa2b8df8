export const zh = {
  title: '我的券',
  groups: { usable: '可使用', used: '已使用', ended: '已结束' },
  states: { redeemed: '已使用', expired: '已到期', cancelled: '已取消', reversed: '已撤销' } as Record<string, string>,
  /** Why a voucher is over, for somebody who wonders. */
  why: {
    expired: '有效期内没有用，不能再用了。不影响信用分。',
    cancelled: '您退回了它，或者撤回授权时一起结束。不影响信用分。',
    reversed: '店里撤销了那次使用，这时已过了有效期。不影响信用分。',
  } as Record<string, string>,
  until: (day: string) => `可以用到 ${day}`,
  usedAt: (moment: string) => `${moment} 使用`,
  endedOn: (day: string) => `${day}结束`,
  left: (left: number, all: number) => `还可用 ${left} 次，共 ${all} 次`,
  show: '出示二维码',
  soon: '快到期了',
  empty: {
    usable: { title: '还没有可使用的券', text: '到“权益”里挑一个，领了就在这里。', action: '去看权益' },
    used: { title: '还没有用过券', text: '用过的券会留在这里，方便查对。', action: '' },
    ended: { title: '没有结束的券', text: '到期、退回或取消的券会留在这里。', action: '' },
  },
}
