import { expect, it } from 'vitest'
import { neededRules } from '../../build/first-screen/needed-rules'
import { renderHomes } from '../../build/first-screen/render'
import { zh } from '../../src/pages/home/locales/zh'

it('draws the home page itself: the welcome for a guest, and none of it for who is signed in', async () => {
  const { guest, resident } = await renderHomes()
  const words = [zh.guest.signIn, zh.guest.text, ...zh.promises.map(({ text }) => text)]
  for (const word of words) {
    expect(guest).toContain(word)
    expect(resident).not.toContain(word)
  }
  expect(resident).toContain('skeleton')
  expect(guest + resident).not.toMatch(/<\/?(view|text|button)[\s>]/)
}, 30_000)

it('keeps the rules that the markup needs, and no others', () => {
  const markup = '<uni-view class="card soft" data-v-1 role="link"></uni-view>'
  const needed = [
    'body{margin:0}',
    '.card[data-v-1]{animation:breathing 1s}',
    'uni-view.soft:after{content:""}',
    '.elder .card{font-size:20px}',
    '@keyframes breathing{50%{opacity:.5}}',
    '@media (min-width:9px){.card{color:red}}',
  ]
  const idle = [
    '.card[data-v-2]{color:red}',
    '.card .button{color:red}',
    'uni-view[disabled]{color:red}',
    '#card{color:red}',
    '@keyframes turning{to{opacity:0}}',
    '@media print{.button{color:red}}',
  ]
  expect(neededRules([...needed, ...idle].join(''), markup)).toBe(needed.join(''))
  expect(neededRules('.card,.button{color:red}', markup)).toBe('.card{color:red}')
})
