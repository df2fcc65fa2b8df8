/** Looking again and again, one look after the other, and only while the page is shown. */
export function usePolling(look: () => Promise<boolean>, everyMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  async function next(mine: number): Promise<void> {
    const isOver = await look().catch(() => false)
    if (mine === round && !isOver) timer = setTimeout(() => void next(mine), everyMs)
  }

  function stop(): void {
    round++
    clearTimeout(timer)
  }

  /** Anew, whether it ran or not. It ends by itself when a look says that there is nothing more to see. */
  function start(): void {
    stop()
    const mine = round
    timer = setTimeout(() => void next(mine), everyMs)
  }

  return { start, stop }
}
