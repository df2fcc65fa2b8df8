export const zh = {
  open: '导出',
  title: '导出这张列表',
  lead: '按现在的筛选条件导出。文件上会写明导出人、时间和目的，导出会记入审计。',
  purpose: '目的',
  purposeHelp: '例如“核对九月账目”，不要写个人信息',
  start: '开始导出',
  making: (rows: string) => `正在准备，已写入 ${rows} 行 …`,
  ready: (rows: string) => `文件已经做好，共 ${rows} 行，保留一天。`,
  take: '下载文件',
  format: '文件格式',
  formats: { xlsx: 'Excel 表格', csv: 'CSV 文本' },
  tooMany: '内容太多，一个文件装不下，请缩小范围后再导出。',
}
