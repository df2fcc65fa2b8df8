/** What is felt and heard at the till, beside what is seen. */
import { IS_WEB } from './environment'

const GOOD = [660, 880]
const BAD = [300]
const TONE_SECONDS = 0.14
let audio: AudioContext | null = null

export function signalGood(): void {
  play(GOOD)
  vibrate()
}

export function signalBad(): void {
  play(BAD)
  vibrate()
}

function vibrate(): void {
  if (!IS_WEB) uni.vibrateShort({ fail: () => undefined })
  else navigator.vibrate?.(80)
}

function play(tones: number[]): void {
  try {
    audio ??= IS_WEB ? new AudioContext() : wx.createWebAudioContext()
    const from = audio.currentTime
    tones.forEach((tone, index) => playTone(audio!, tone, from + index * TONE_SECONDS))
  } catch {
    // A phone without sound still shows the result and vibrates.
  }
}

function playTone(context: AudioContext, frequency: number, from: number): void {
  const source = context.createOscillator()
  const volume = context.createGain()
  source.frequency.value = frequency
  volume.gain.value = 0.2
  source.connect(volume)
  volume.connect(context.destination)
  source.start(from)
  source.stop(from + TONE_SECONDS)
}
