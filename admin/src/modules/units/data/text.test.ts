import { expect, it } from 'vitest'
import { blocksOf } from './text'

it('reads paragraphs, a numbered list, bold words and a remark', () => {
  const text = '本单位承诺：\n\n1. **说真话。** 内容真实。\n2. 说到做到。\n\n*本文本为演示稿。*'
  expect(blocksOf(text)).toEqual([
    { words: [{ words: '本单位承诺：', bold: false }] },
    {
      items: [
        [
          { words: '说真话。', bold: true },
          { words: ' 内容真实。', bold: false },
        ],
        [{ words: '说到做到。', bold: false }],
      ],
    },
    { words: [{ words: '本文本为演示稿。', bold: false }] },
  ])
})
