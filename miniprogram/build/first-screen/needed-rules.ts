import postcss, { type AtRule, type Root, type Rule } from 'postcss'

const PSEUDO = /::?[\w-]+(\([^)]*\))?/g
const VALUE = /[~|^$*]?=[^\]]*/g
const NAME = /\[[\w-]+\]|\.[\w-]+|#[\w-]+|(?<![\w.#[-])[a-z][\w-]*/gi
/** What no markup names, though it is there; and what the script adds before the first look. */
const ALWAYS = ['html', 'body', '.elder']

/** The rules of a style sheet that this markup needs, in their order. */
export function neededRules(sheet: string, markup: string): string {
  const present = new Set([...ALWAYS, ...namesIn(markup)])
  const root = postcss.parse(sheet)
  root.walkRules((rule) => {
    if (isStepOfAnimation(rule)) return
    const needed = rule.selectors.filter((selector) => namesOf(selector).every((name) => present.has(name)))
    if (needed.length) rule.selectors = needed
    else rule.remove()
  })
  dropIdleAnimations(root)
  root.walkComments((comment) => void comment.remove())
  root.walkAtRules((rule) => void (rule.nodes?.length === 0 && rule.remove()))
  return root.toString().replace(/\n\s*/g, '')
}

function namesIn(markup: string): string[] {
  const tags = [...markup.matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag!)
  const classes = [...markup.matchAll(/class="([^"]*)"/g)].flatMap(([, list]) => list!.split(/\s+/))
  const attributes = [...markup.matchAll(/ ([a-z][\w-]*)(?=[=\s>])/g)].map(([, name]) => name!)
  return [...tags, ...classes.map((name) => `.${name}`), ...attributes.map((name) => `[${name}]`)]
}

function namesOf(selector: string): string[] {
  return selector.replace(PSEUDO, '').replace(VALUE, '').match(NAME) ?? []
}

function isStepOfAnimation(rule: Rule): boolean {
  return /keyframes$/.test((rule.parent as AtRule | undefined)?.name ?? '')
}

function dropIdleAnimations(root: Root): void {
  const used = new Set<string>()
  root.walkDecls(/^animation/, ({ value }) => void value.split(/[\s,]+/).forEach((word) => used.add(word)))
  root.walkAtRules(/keyframes$/, (rule) => void (used.has(rule.params) || rule.remove()))
}
