import { expect, it } from 'vitest'
import { toBlocks } from './blocks'

it('reads headings, paragraphs, lists, emphasis and remarks', () => {
  const text = '请慢慢看。\n随时反悔。\n\n## 一、谁来处理\n\n只为**激励**。\n\n- 姓名\n- 身份证号码，\n  加密保存\n\n*演示稿。*\n'
  expect(toBlocks(text).map(({ kind, runs }) => [kind, runs.map((run) => run.text).join('|')])).toEqual([
    ['paragraph', '请慢慢看。随时反悔。'],
    ['heading', '一、谁来处理'],
    ['paragraph', '只为|激励|。'],
    ['item', '姓名'],
    ['item', '身份证号码，加密保存'],
    ['remark', '演示稿。'],
  ])
  expect(toBlocks('只为**激励**。')[0]!.runs[1]).toEqual({ text: '激励', isStrong: true })
})
