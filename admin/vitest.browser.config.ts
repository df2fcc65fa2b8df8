import { defineConfig } from 'vitest/config'

/** Tests that click through a running system; one after the other, since they are one story. */
export default defineConfig({
  test: {
    environment: 'node',
    include: [process.env.ONLY ?? 'tests/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 200_000,
    bail: 1,
  },
})
