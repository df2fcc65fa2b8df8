/**
 * Editing what somebody else may be editing too. Whoever saves second is given the newer one, and decides:
 * `go` with its version keeps what was typed, `take` drops it. Nothing typed is lost before that.
 */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { hasCode } from '@/api'
import { useAction } from './use-action'

interface Edited {
  version: number
}
interface How<T extends Edited, F> {
  formOf(thing: T): F
  isSame(one: F, other: F): boolean
  save(form: F, version: number): Promise<T>
  fetch(): Promise<T>
  /** The refusal of whoever saves second. */
  stale: string
  saved(thing: T): Promise<unknown>
}

export function useSharedEdit<T extends Edited, F>(given: () => T, how: How<T, F>) {
  const base = shallowRef(given())
  const form = ref(how.formOf(base.value)) as Ref<F>
  const newer = shallowRef<T | null>(null)
  const isChanged = computed(() => !how.isSame(form.value, how.formOf(base.value)))
  const { run, isBusy, failure } = useAction((_key: string, version: number) => how.save(form.value, version))

  function take(thing: T): void {
    base.value = thing
    form.value = how.formOf(thing)
    newer.value = null
    failure.value = null
  }
  watch(given, (now) => isChanged.value || take(now))

  async function go(version = base.value.version): Promise<void> {
    const done = await run(version)
    if (done) {
      take(done.answer)
      await how.saved(done.answer)
    } else if (hasCode(failure.value, how.stale)) {
      newer.value = await how.fetch().catch(() => null)
    }
  }

  return { base, form, newer, isChanged, isBusy, failure, take, go }
}
