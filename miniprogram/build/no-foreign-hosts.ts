import type { Plugin } from 'vite'

const FOREIGN_PICTURE = /url\(["']?https?:\/\/[^)]*\)/g

/** uni-h5's own style sheet loads a shadow picture from its maker's host: nothing is loaded from elsewhere. */
export function noForeignHosts(): Plugin {
  return {
    name: 'no-foreign-hosts',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && /\.(css|html)$/.test(file.fileName)) {
          file.source = String(file.source).replace(FOREIGN_PICTURE, 'none')
        }
      }
    },
  }
}
