/**
 * From a browser's coordinates (WGS-84) to those of Chinese maps (GCJ-02), which lie some hundred metres beside
 * them. WeChat gives GCJ-02 by itself; a browser would have to ask a map service for it.
 */
const AXIS_M = 6378245
const ECCENTRICITY = 0.00669342162296594323

export interface Coordinates {
  latitude: number
  longitude: number
}

export function toGcj02({ latitude, longitude }: Coordinates): Coordinates {
  const [x, y] = [longitude - 105, latitude - 35]
  const angle = (latitude / 180) * Math.PI
  const curve = 1 - ECCENTRICITY * Math.sin(angle) ** 2
  const north = ((northOf(x, y) * 180) / Math.PI / ((AXIS_M * (1 - ECCENTRICITY)) / curve ** 1.5))
  const east = ((eastOf(x, y) * 180) / Math.PI / ((AXIS_M / Math.sqrt(curve)) * Math.cos(angle)))
  return { latitude: latitude + north, longitude: longitude + east }
}

const wave = (of: number) => Math.sin(of * Math.PI)
const ripples = (x: number) => ((20 * wave(6 * x) + 20 * wave(2 * x)) * 2) / 3

function northOf(x: number, y: number): number {
  const plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x))
  const waves = ((20 * wave(y) + 40 * wave(y / 3)) * 2) / 3 + ((160 * wave(y / 12) + 320 * wave(y / 30)) * 2) / 3
  return plain + ripples(x) + waves
}

function eastOf(x: number, y: number): number {
  const plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x))
  const waves = ((20 * wave(x) + 40 * wave(x / 3)) * 2) / 3 + ((150 * wave(x / 12) + 300 * wave(x / 30)) * 2) / 3
  return plain + ripples(x) + waves
}
