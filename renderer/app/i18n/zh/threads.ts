/** 消息。 */
export const threads = {
  threads: {
    none: '还没有消息。可在力量详情或事件中发起。',
    empty: '还没有消息。',
    back: '全部会话',
    unread: '{{n}} 条未读',
    unreadTab: '消息({{n}})',
    message: '消息',
    said: '会话内容',
    write: '写消息',
    send: '发送',
    place: '附位置',
    placeHint: '附上地图指针处或中心的位置',
    sent: '已发送',
    delivered: '{{n}} 人已收到',
    read: '{{n}} 人已读',
    phrase: '常用语',
    phrases: {
      received: '收到',
      where: '报告位置',
      report: '报告现场情况',
      hold: '原地待命',
      support: '增援已出发',
      return: '任务结束,返回',
    },
  },
}
