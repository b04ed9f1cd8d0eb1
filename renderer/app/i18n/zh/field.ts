/** 一线终端。 */
export const field = {
  field: {
    entry: '手机登录码',
    hint: '请现场人员用手机扫码,登录本力量的一线页面。登录码只能用一次;出示记录会留存。',
    show: '出示登录码',
    another: '重新出示',
    left: '{{n}} 秒内有效',
    over: '登录码已过期。',
  },
}
