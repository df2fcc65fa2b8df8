/** Keys that work on every page, unless somebody is typing or a window is open. */
import { onBeforeUnmount, onMounted } from 'vue'

export function useKeys({ showKeys }: { showKeys: () => void }): void {
  const actions: Record<string, () => void> = { '/': goToSearch, '?': showKeys }

  function pressed(event: KeyboardEvent): void {
    const act = actions[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey || isBusyWith(event.target)) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', pressed))
  onBeforeUnmount(() => document.removeEventListener('keydown', pressed))
}

function isBusyWith(target: EventTarget | null): boolean {
  const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  return isTyping || document.querySelector('dialog[open]') !== null
}

function goToSearch(): void {
  document.querySelector<HTMLInputElement>('[data-search] input')?.focus()
}
