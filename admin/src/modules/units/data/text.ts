/** The city's texts are Markdown of a small kind: paragraphs, numbered lists, bold words. */
export interface Part {
  words: string
  bold: boolean
}
export interface Block {
  words?: Part[]
  items?: Part[][]
}

const NUMBERED = /^\d+\.\s+/
const EMPHASIS = /^\*([^*].*[^*])\*$/

export function blocksOf(text: string): Block[] {
  return text
    .split(/\n{2,}/)
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const lines = each.split('\n')
      const isList = lines.every((line) => NUMBERED.test(line))
      return isList ? { items: lines.map((line) => partsOf(line.replace(NUMBERED, ''))) } : { words: partsOf(lines.join('')) }
    })
}

function partsOf(line: string): Part[] {
  const pieces = line.replace(EMPHASIS, '$1').split('**')
  return pieces.map((words, place) => ({ words, bold: place % 2 === 1 })).filter(({ words }) => words)
}
