import type { Plugin } from 'vite'
import { writeCompressed } from '../../miniprogram/build/write-compressed'

/** Beside each text file its compressed forms, so that the server only has to pick one. */
export function compressed(): Plugin {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = config.build.outDir
    },
    closeBundle() {
      writeCompressed(folder)
    },
  }
}
