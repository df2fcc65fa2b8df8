/** A running system to click through: the one that RUN_JSON names, or a fresh one with its own data. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const PROJECT = resolve(import.meta.dirname, '../../..')
const READY_WITHIN_MS = 180_000

export interface System {
  backend: string
  simulator: string
  people: { user: string; name: string; id_number: string }[]
  clerks: { user: string; shop: string; invite: string }[]
  /** One command of the office, with what is typed at its prompts; what it said. */
  office(command: string[], typed: string[]): Promise<string>
  /** Where its data is; letters lie in `mail/`. */
  folder: string
  /** What it has printed so far; nothing when it ran already. */
  said(): string
  stop(): Promise<void>
}

export async function findSystem(): Promise<System> {
  const named = process.env.RUN_JSON
  return named ? read(named, { said: () => '', stop: async () => undefined }) : startSystem()
}

const ownPython = join(PROJECT, '.venv/bin/python')
const python = process.env.PYTHON ?? (existsSync(ownPython) ? ownPython : 'python3')

const read = (file: string, running: Pick<System, 'said' | 'stop'>): System => ({
  ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<System, 'office' | 'folder' | 'said' | 'stop'>),
  office: (command, typed) => work(['-m', 'scripts.office', '--data-dir', dirname(resolve(file)), ...command], typed),
  folder: dirname(resolve(file)),
  ...running,
})

/** The test runner sets a MODE of its own, which the system would take for one of its settings. */
function surroundings(): NodeJS.ProcessEnv {
  const { MODE: _mode, ...env } = process.env
  return env
}

/** Runs a Python command on the system's data, with what is typed at its prompts; gives what it said. */
export function work(command: string[], typed: string[] = []): Promise<string> {
  const child = spawn(python, command, { cwd: PROJECT, env: surroundings() })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  child.stdin.end(typed.join('\n') + '\n')
  return new Promise((done) => child.once('exit', () => done(said)))
}

export async function startSystem(): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'city-'))
  const command = ['-m', 'scripts.run', '--data-dir', folder, '--residents', '20']
  const child = spawn(python, command, { cwd: PROJECT, env: surroundings(), stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const stop = async () => {
    child.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const file = join(folder, 'run.json')
  const until = Date.now() + READY_WITHIN_MS
  while (!existsSync(file)) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`the system did not start:\n${said}`)
    }
    await new Promise((next) => setTimeout(next, 200))
  }
  return read(file, { said: () => said, stop })
}
