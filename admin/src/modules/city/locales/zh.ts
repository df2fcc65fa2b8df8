export const zh = { wholeCity: '全市' }
