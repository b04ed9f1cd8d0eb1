/** The page's texts. Chinese is the source; English must match it. */
import type { Name } from '../contract/primitives.ts'

const zh = {
  title: '一线终端',
  account: '账号',
  password: '密码',
  signIn: '登录',
  signOut: '退出',
  signingIn: '正在登录…',
  sessionOver: '登录已失效,请重新登录。',
  noUnit: '此账号未关联任何力量,请联系值班室。',
  offline: '没有网络:您的操作已保存在本机,联网后自动发送。',
  waiting: '待发送 {n} 条',
  refused: '未能执行:{why}',
  dismiss: '知道了',
  state: '我的状态',
  states: {
    available: '在岗',
    'en-route': '出动中',
    'on-scene': '到场',
    busy: '忙碌',
    'off-duty': '离岗',
  },
  position: {
    off: '离岗时不上报位置',
    looking: '正在定位…',
    known: '位置已上报',
    refused: '未允许定位:请在浏览器设置中允许。',
    unavailable: '无法定位:请检查手机定位,并使用 HTTPS 打开本页。',
  },
  tasks: '任务',
  noTasks: '目前没有任务。',
  messages: '消息',
  write: '写给值班室',
  say: '发送',
  gotIt: '收到',
  due: '时限 {time}',
  overdue: '已超时',
  taskStates: {
    assigned: '新任务',
    received: '已收到',
    accepted: '已接受',
    'en-route': '在途',
    'on-scene': '已到场',
    done: '已完成',
    verified: '已核实',
    refused: '已拒绝',
    cancelled: '已取消',
  },
  steps: { accept: '接受', 'set-out': '出发', arrive: '到场', finish: '完成', refuse: '拒绝' },
  words: { finish: '处置情况(可不填)', refuse: '拒绝原因' },
  send: '确定',
  back: '返回',
  refusals: {
    'wrong-password': '账号或密码不正确。',
    'locked-out': '尝试次数过多,请 {seconds} 秒后再试。',
    'no-answer': '值班室没有应答,请检查网络后重试。',
    'pass-over': '登录码已用过或已过期,请在席位上重新出示。',
    other: '值班室拒绝了此操作({code})。',
  },
}

const en: typeof zh = {
  title: 'Field terminal',
  account: 'Account',
  password: 'Password',
  signIn: 'Sign in',
  signOut: 'Sign out',
  signingIn: 'Signing in…',
  sessionOver: 'You have been signed out. Sign in again.',
  noUnit: 'This account belongs to no unit. Please call the duty room.',
  offline: 'No network: what you do is kept on this phone and sent when it is back.',
  waiting: '{n} waiting to be sent',
  refused: 'Not done: {why}',
  dismiss: 'OK',
  state: 'What I am doing',
  states: {
    available: 'Available',
    'en-route': 'En route',
    'on-scene': 'On scene',
    busy: 'Busy',
    'off-duty': 'Off duty',
  },
  position: {
    off: 'Off duty, your position is not told',
    looking: 'Finding your position…',
    known: 'Your position is told',
    refused: 'Position not allowed: allow it in the browser’s settings.',
    unavailable: 'No position: check the phone’s location, and open this page over HTTPS.',
  },
  tasks: 'Tasks',
  noTasks: 'Nothing to do at present.',
  messages: 'Messages',
  write: 'To the duty room',
  say: 'Send',
  gotIt: 'Received',
  due: 'Due {time}',
  overdue: 'Overdue',
  taskStates: {
    assigned: 'New task',
    received: 'Received',
    accepted: 'Accepted',
    'en-route': 'En route',
    'on-scene': 'On scene',
    done: 'Done',
    verified: 'Verified',
    refused: 'Refused',
    cancelled: 'Cancelled',
  },
  steps: { accept: 'Accept', 'set-out': 'Set out', arrive: 'On scene', finish: 'Done', refuse: 'Refuse' },
  words: { finish: 'What was done (may be left empty)', refuse: 'Why not' },
  send: 'Confirm',
  back: 'Back',
  refusals: {
    'wrong-password': 'Wrong account or password.',
    'locked-out': 'Too many attempts. Try again in {seconds} seconds.',
    'no-answer': 'The duty room does not answer. Check the network and try again.',
    'pass-over': 'The code has been used or is too old. Have the seat show another.',
    other: 'The duty room refused this ({code}).',
  },
}

export type Language = 'zh' | 'en'
export const texts: Readonly<Record<Language, typeof zh>> = { zh, en }

export const preferred = (): Language => (navigator.language.startsWith('zh') ? 'zh' : 'en')

/** Fills in what stands in braces. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

export const named = (name: Name, language: Language): string => name[language]
