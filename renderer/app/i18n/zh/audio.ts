/** 声音设备。 */
export const audio = {
  audio: {
    title: '声音',
    roles: { headset: '通话耳机', microphone: '麦克风', ring: '振铃', loudspeaker: '扬声器' },
    systemDefault: '系统默认',
    away: '{{device}}(未接入)',
    try: '试听',
    tryRing: '试振铃',
    ringVolume: '振铃音量',
    echoCancellation: '回声消除',
    noiseSuppression: '降噪',
    test: '麦克风测试',
    speak: '说话 3 秒',
    microphoneLevel: '麦克风音量',
    none: '没有可用的麦克风:接入一个,或检查权限。',
    steps: {
      idle: '录下后在耳机中回放',
      recording: '请说话…',
      playing: '正在回放…',
      heard: '麦克风正常',
      silent: '几乎没有声音:请检查麦克风开关与音量',
      failed: '测试未完成:麦克风被拔出',
    },
    toLoudspeaker: '通话改到扬声器',
    toHeadset: '通话改回耳机',
    standsIn: '{{role}}未接入,正在用“{{now}}”',
    news: {
      gone: '{{role}}“{{was}}”已断开,没有其他设备可用',
      instead: '{{role}}“{{was}}”已断开,正在用“{{now}}”',
      back: '{{role}}已恢复:“{{now}}”',
    },
  },
}
