import type { ListName } from './exports'

export const exporting = (list: ListName) => [list === 'audit-events' ? 'audit.export' : 'lists.export'] as const
