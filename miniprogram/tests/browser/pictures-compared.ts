import type { Page } from 'playwright-core'

const BARELY = 24

/** Which part of two pictures of a screen looks different, from 0 to 1. */
export function differingPixels(page: Page, before: Buffer, after: Buffer): Promise<number> {
  return page.evaluate(
    async ([first, second, barely]) => {
      const pixelsOf = async (base64: string) => {
        const image = new Image()
        image.src = `data:image/png;base64,${base64}`
        await image.decode()
        const drawing = new OffscreenCanvas(image.width, image.height).getContext('2d')!
        drawing.drawImage(image, 0, 0)
        return drawing.getImageData(0, 0, image.width, image.height).data
      }
      const [a, b] = await Promise.all([pixelsOf(first), pixelsOf(second)])
      if (a.length !== b.length) return 1
      let differing = 0
      for (let i = 0; i < a.length; i += 4) {
        if ([0, 1, 2].some((channel) => Math.abs(a[i + channel]! - b[i + channel]!) > barely)) differing++
      }
      return differing / (a.length / 4)
    },
    [before.toString('base64'), after.toString('base64'), BARELY] as const,
  )
}
