/** 视频源。 */
export const sources = {
  sources: {
    picture: '视频:{{name}}',
    states: {
      idle: '正在打开视频…',
      starting: '正在打开视频…',
      up: '正在等待画面…',
      down: '没有画面:{{why}}正在自动重试。',
      absent: '该视频源未在线。接入后画面会自动出现。',
    },
    faults: {
      unreachable: '摄像机无应答,请检查其供电和网络。',
      refused: '摄像机拒绝了用户名或密码,请管理员核对。',
      busy: '摄像机不再接受新的连接,可能观看者过多或负荷过高。',
      silent: '摄像机已连接,但没有发送画面。',
      format: '画面不是 H.264,请更改摄像机的编码设置。',
      'no-ffmpeg': '枢纽所在机器缺少 ffmpeg,请管理员安装。',
      'video-down': '枢纽的视频服务中断。',
    },
    hubAway: '无法连接枢纽,看不到视频。',
    live: '实时 · {{kbits}} kbit/s',
    viewers: '{{n}} 席在看',
  },
}
