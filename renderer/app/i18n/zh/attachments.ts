/** 图片和文件。 */
export const attachments = {
  attachments: {
    add: '附件',
    addHint: '添加图片或文件(也可拖入或粘贴):JPEG、PNG、WebP、PDF、文本,每个不超过 8 MB',
    tooMany: '一条消息最多带 {{n}} 个附件,其余未添加。',
    outgoing: '将随消息发出的附件',
    sending: '正在上传 {{name}}',
    remove: '去掉 {{name}}',
    again: '重试',
    failed: '{{name}}:{{why}}',
    coming: '正在获取 {{name}}…',
    enlarge: '放大查看 {{name}}',
    save: '保存 {{name}}({{size}})',
    unsendable: {
      'too-large': '超过 8 MB,不能发送。',
      'other-type': '只能发送 JPEG、PNG、WebP 图片、PDF 和纯文本。',
      empty: '文件是空的。',
    },
  },
}
