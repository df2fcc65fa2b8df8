/**
 * Ties a control to its label, help and error. TDesign's inputs put what they are given on a wrapper, so the
 * control itself is sought and told.
 */
import type { Directive } from 'vue'

export interface FieldMarks {
  id: string
  describedBy: string
  isWrong: boolean
  isRequired: boolean
}

function mark(holder: HTMLElement, { value }: { value: FieldMarks }): void {
  const control = holder.querySelector<HTMLElement>('input, textarea, select')
  if (!control) return
  const set = (name: string, text: string) => (text ? control.setAttribute(name, text) : control.removeAttribute(name))
  set('id', value.id)
  set('aria-describedby', value.describedBy)
  set('aria-invalid', value.isWrong ? 'true' : '')
  set('aria-required', value.isRequired ? 'true' : '')
}

export const vField: Directive<HTMLElement, FieldMarks> = { mounted: mark, updated: mark }

/** Names a control that has no label of its own on the screen, as in the cell of a table. */
export const vName: Directive<HTMLElement, string> = (holder, { value }) =>
  holder.querySelector('input, textarea, select')?.setAttribute('aria-label', value)
