/* The page of the simulator: pick or make a test person, get a sign-in code. */

const at = (id) => document.getElementById(id)
const panel = at('panel')

let persons = []
let current = null // {user, code, expiresAt, seconds}

async function call(path, body) {
  const response = await fetch(path, body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(String(response.status))
  return response.json()
}

async function guarded(work) {
  try {
    await work()
    at('retry').hidden = true
  } catch {
    at('message').textContent = '模拟器没有回答，它可能已经停止。'
    at('retry').hidden = false
  }
}

const load = () => guarded(async () => {
  persons = (await call('/__sim/users')).items
  showList()
})

const takeCode = (user) => guarded(async () => {
  const { code, expires_in: seconds } = await call('/__sim/login', { user })
  current = { user, code, seconds, expiresAt: Date.now() + seconds * 1000 }
  at('copy').textContent = '复制登录码'
  showCode()
  await load()
  document.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' })
  at('copy').focus({ preventScroll: true })
})

function showList() {
  const wanted = at('name').value.trim()
  const found = persons.filter(({ user, label }) => `${user} ${label}`.includes(wanted))
  at('count').textContent = persons.length ? `${persons.length} 位` : ''
  at('make').disabled = !wanted || persons.some(({ user }) => user === wanted)
  at('list').replaceChildren(...found.map(row))
  at('message').textContent = messageFor(found)
}

function messageFor(found) {
  if (found.length) return ''
  return persons.length ? '没有这位人物，可以新建。' : '还没有测试人物。输入一个名字，新建第一位。'
}

function row(person) {
  const item = at('row').content.cloneNode(true)
  item.querySelector('.name').textContent = person.user
  item.querySelector('.label').textContent = person.label
  const marks = item.querySelector('.marks')
  if (person.unionid) marks.append(mark('有 UnionID'))
  if (person.high_risk) marks.append(mark('登录会被拒绝', 'risk'))
  const button = item.querySelector('.person')
  button.setAttribute('aria-current', String(person.user === current?.user))
  button.addEventListener('click', () => takeCode(person.user))
  return item
}

function mark(text, kind = '') {
  const element = document.createElement('span')
  element.className = `mark ${kind}`
  element.textContent = text
  return element
}

function showCode() {
  at('owner').textContent = current.user
  at('code').replaceChildren(...current.code.match(/.{1,4}/g).map((group) => {
    const element = document.createElement('span')
    element.textContent = group
    return element
  }))
  showTimeLeft()
}

function showTimeLeft() {
  if (!current) return
  const left = Math.max(0, Math.ceil((current.expiresAt - Date.now()) / 1000))
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  panel.dataset.state = left ? 'valid' : 'expired'
  at('countdown').textContent = left ? `还有 ${clock} 有效` : '已过期'
  at('left').style.transform = `scaleX(${left / current.seconds})`
  if (!left) at('copy').textContent = '再取一个'
}

async function copyCode() {
  try {
    await navigator.clipboard.writeText(current.code)
    at('copy').textContent = '已复制'
  } catch {
    getSelection().selectAllChildren(at('code'))
    at('copy').textContent = '请长按或按 Ctrl+C 复制'
  }
}

at('find').addEventListener('submit', (event) => {
  event.preventDefault()
  const user = at('name').value.trim()
  if (!user) return
  at('name').value = ''
  takeCode(user)
})
at('name').addEventListener('input', showList)
at('retry').addEventListener('click', load)
at('renew').addEventListener('click', () => takeCode(current.user))
at('copy').addEventListener('click', () => {
  if (panel.dataset.state === 'expired') takeCode(current.user)
  else copyCode()
})
at('close').addEventListener('click', () => {
  current = null
  at('owner').textContent = ''
  panel.dataset.state = 'empty'
  showList()
})
setInterval(showTimeLeft, 1000)
load()
