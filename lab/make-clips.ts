/**
 * Makes what the simulated phones and radios say: `node lab/make-clips.ts resources/lab-clips`.
 * Speaks each sentence with espeak-ng (Debian: espeak-ng, 1.51), filters it to the telephone's band and writes
 * 8 kHz mu-law without a header. Its Chinese voice knows few characters, so it reads pinyin with tone numbers.
 * Speech made by espeak-ng is free of its licence; the sentences are ours.
 */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { toMuLaw } from './exchange/g711.ts'

/** Name, voice, pitch (0 to 99), what is read. */
const sentences: readonly (readonly [string, 'zh' | 'en', number, string])[] = [
  // 收到，正在赶往现场，预计五分钟到达。
  [
    'unit-on-the-way-zh',
    'zh',
    42,
    'shou1dao4, zheng4zai4 gan3wang3 xian4chang3, yu4ji4 wu3 fen1zhong1 dao4da2',
  ],
  // 已到达现场，情况正常，继续巡逻。
  ['unit-arrived-zh', 'zh', 55, 'yi3 dao4da2 xian4chang3, qing2kuang4 zheng4chang2, ji4xu4 xun2luo2'],
  // 现场有两人受伤，请派救护车。
  ['unit-injured-zh', 'zh', 38, 'xian4chang3 you3 liang3 ren2 shou4shang1, qing3 pai4 jiu4hu4che1'],
  // 处置完毕，请求归队。
  ['unit-done-zh', 'zh', 48, 'chu3zhi4 wan2bi4, qing3qiu2 gui1dui4'],
  ['unit-on-the-way-en', 'en', 40, 'Copied. We are on our way, five minutes out.'],
  ['unit-arrived-en', 'en', 52, 'We are on scene. Everything is quiet here.'],
  ['unit-injured-en', 'en', 36, 'Two people injured, please send an ambulance.'],
  ['unit-done-en', 'en', 46, 'Finished here, available again.'],
  // 喂，幺幺零吗？夫子庙门口有人打架，请快来！
  [
    'citizen-fight-zh',
    'zh',
    66,
    'wei2, yao1 yao1 ling2 ma5? fu1zi3miao4 men2kou3 you3 ren2 da3jia4, qing3 kuai4 lai2',
  ],
  // 喂，新街口两辆车撞了，有人受伤。
  ['citizen-crash-zh', 'zh', 50, 'wei2, xin1jie1kou3 liang3 liang4 che1 zhuang4 le5, you3 ren2 shou4shang1'],
  // 我家老人走失了，请帮帮我。
  ['citizen-missing-zh', 'zh', 72, 'wo3 jia1 lao3ren2 zou3shi1 le5, qing3 bang1bang5 wo3'],
  ['citizen-fire-en', 'en', 64, 'Hello? There is smoke coming out of a window!'],
  ['citizen-theft-en', 'en', 44, 'Hello, somebody has just stolen my bag.'],
  // 各组报告位置。
  ['radio-ask-zh', 'zh', 40, 'ge4 zu3 bao4gao4 wei4zhi4'],
  // 我在新街口，情况正常。
  ['radio-here-zh', 'zh', 52, 'wo3 zai4 xin1jie1kou3, qing2kuang4 zheng4chang2'],
  // 收到，明白。
  ['radio-copy-zh', 'zh', 46, 'shou1dao4, ming2bai5'],
  // 没听清，请再说一遍。
  ['radio-again-zh', 'zh', 50, 'mei2 ting1qing1, qing3 zai4 shuo1 yi2bian4'],
  // 指挥中心，请讲。
  ['radio-answer-zh', 'zh', 44, 'zhi3hui1 zhong1xin1, qing3 jiang3'],
  // 紧急，紧急，请求支援！
  ['radio-help-zh', 'zh', 64, 'jin3ji2, jin3ji2, qing3qiu2 zhi1yuan2'],
  ['radio-ask-en', 'en', 38, 'All units, report your position.'],
  ['radio-here-en', 'en', 50, 'At the Drum Tower, all quiet.'],
  ['radio-copy-en', 'en', 44, 'Copied, thank you.'],
  ['radio-again-en', 'en', 48, 'You are breaking up, say again.'],
  ['radio-answer-en', 'en', 42, 'Control, go ahead.'],
  ['radio-help-en', 'en', 60, 'Emergency! I need assistance!'],
]

const voices = { zh: 'cmn-latn-pinyin', en: 'en-gb' } as const
const WORDS_PER_MINUTE = 175
const RATE = 8_000
/** Hertz: what a telephone lets through ends below half its rate. */
const BAND = 3_400
/** Samples of the filter to each side, at the rate that espeak-ng speaks. */
const REACH = 48
/** The loudest sample, of full scale. */
const PEAK = 0.7

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('node lab/make-clips.ts FOLDER\n')
  process.exit(2)
}
await mkdir(folder, { recursive: true })
for (const [name, voice, pitch, text] of sentences) {
  const speech = await speak(voices[voice], pitch, text)
  const levelled = level(withoutSilence(toTelephone(speech.samples, speech.rate)))
  await writeFile(join(folder, `${name}.ulaw`), Uint8Array.from(levelled, toMuLaw))
}

/** Samples of 16 bits, at espeak-ng's own rate. */
async function speak(voice: string, pitch: number, text: string) {
  const file = join(tmpdir(), `watchfloor-clip-${process.pid}.wav`)
  const settings = ['-v', voice, '-p', `${pitch}`, '-s', `${WORDS_PER_MINUTE}`, '-w', file]
  try {
    await promisify(execFile)('espeak-ng', [...settings, text])
    const wave = await readFile(file)
    // espeak-ng writes the shortest of headers: the rate at 24, the samples from 44 on.
    const count = (wave.length - 44) >> 1
    return {
      rate: wave.readUInt32LE(24),
      samples: Float64Array.from({ length: count }, (_nothing, at) => wave.readInt16LE(44 + at * 2)),
    }
  } finally {
    await rm(file, { force: true })
  }
}

/** At 8 kHz, by a windowed sinc that ends below 4 kHz. */
function toTelephone(samples: Float64Array, rate: number): Float64Array {
  const cutoff = (2 * BAND) / rate
  return Float64Array.from({ length: Math.floor((samples.length * RATE) / rate) }, (_nothing, at) => {
    const centre = (at * rate) / RATE
    let sum = 0
    for (let tap = Math.ceil(centre - REACH); tap <= centre + REACH; tap++) {
      const away = tap - centre
      const sinc = away === 0 ? 1 : Math.sin(Math.PI * cutoff * away) / (Math.PI * cutoff * away)
      const window = 0.5 + 0.5 * Math.cos((Math.PI * away) / REACH)
      sum += (samples[tap] ?? 0) * sinc * window * cutoff
    }
    return sum
  })
}

function withoutSilence(samples: Float64Array): Float64Array {
  const isLoud = (sample: number) => Math.abs(sample) > 200
  return samples.subarray(Math.max(0, samples.findIndex(isLoud)), samples.findLastIndex(isLoud) + 1)
}

function level(samples: Float64Array): Int16Array {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
  return Int16Array.from(samples, (sample) => Math.round((sample / loudest) * PEAK * 32_767))
}
