/**
 * What a list is narrowed to. It stands in the page's address, so that it survives a reload, "back" and being
 * sent to a colleague. What may be a person's name (`unseen`) stays in the browser's memory of the page instead.
 */
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter, type LocationQueryValue } from 'vue-router'

type Texts = Record<string, string>

export function useFilters<F extends Texts>(defaults: F, { unseen = [] as readonly (keyof F & string)[] } = {}) {
  const route = useRoute()
  const router = useRouter()
  const kept = ref(remembered())
  watch(
    () => route.fullPath,
    () => (kept.value = remembered()),
  )

  const filters = computed<F>(() => {
    const read = (name: string) => (unseen.includes(name) ? kept.value[name] : one(route.query[name]))
    return Object.fromEntries(Object.entries(defaults).map(([name, plain]) => [name, read(name) || plain])) as F
  })
  const cursor = computed(() => one(route.query.cursor))
  const isNarrowed = computed(() => Object.entries(defaults).some(([name, plain]) => filters.value[name] !== plain))

  /** Narrow the list otherwise; it then begins at its first page. */
  async function set(changes: Partial<F>): Promise<void> {
    const wanted = Object.entries({ ...filters.value, ...changes }).filter(([name, value]) => value !== defaults[name])
    const state = { filters: Object.fromEntries(wanted.filter(([name]) => unseen.includes(name))) }
    const query = Object.fromEntries(wanted.filter(([name]) => !unseen.includes(name)))
    // By force, since the address may stay the same.
    await router.replace({ query, state, force: true })
    kept.value = state.filters
  }

  async function goTo(cursor: string | undefined): Promise<void> {
    await router.push({ query: { ...route.query, cursor }, state: { filters: { ...kept.value } } })
  }

  return { filters, cursor, isNarrowed, set, reset: () => set(defaults), goTo }
}

function remembered(): Texts {
  return (history.state?.filters ?? {}) as Texts
}

function one(value: LocationQueryValue | LocationQueryValue[] | undefined): string | undefined {
  return (Array.isArray(value) ? value[0] : value) ?? undefined
}
