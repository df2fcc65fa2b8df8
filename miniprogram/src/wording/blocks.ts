/** The little Markdown that a city's texts are written in, as blocks to show. Anything else stays plain text. */
export type BlockKind = 'heading' | 'paragraph' | 'item' | 'remark'
export interface Run {
  text: string
  isStrong: boolean
}
export interface Block {
  kind: BlockKind
  runs: Run[]
}

const BEGINNINGS: [BlockKind, RegExp][] = [
  ['heading', /^#{1,4}\s+(.*)$/],
  ['item', /^(?:[-*]|\d+[.、])\s+(.*)$/],
  ['remark', /^\*([^*].*[^*])\*$/],
]

export function toBlocks(markdown: string): Block[] {
  return markdown
    .split(/\n\s*\n/)
    .flatMap(piecesOf)
    .map(({ kind, text }) => ({ kind, runs: toRuns(text) }))
}

/** A paragraph's lines joined, as Chinese needs no space between them; headings and items begin anew. */
function piecesOf(paragraph: string): { kind: BlockKind; text: string }[] {
  const pieces: { kind: BlockKind; text: string }[] = []
  for (const line of paragraph.split('\n').map((each) => each.trim())) {
    if (!line) continue
    const last = pieces[pieces.length - 1]
    const begun = beginningOf(line)
    if (begun) pieces.push(begun)
    else if (last && last.kind !== 'heading') last.text += line
    else pieces.push({ kind: 'paragraph', text: line })
  }
  return pieces
}

function beginningOf(line: string): { kind: BlockKind; text: string } | null {
  for (const [kind, pattern] of BEGINNINGS) {
    const text = pattern.exec(line)?.[1]
    if (text) return { kind, text }
  }
  return null
}

function toRuns(text: string): Run[] {
  return text
    .split('**')
    .map((part, index) => ({ text: part, isStrong: index % 2 === 1 }))
    .filter(({ text: part }) => part)
}
