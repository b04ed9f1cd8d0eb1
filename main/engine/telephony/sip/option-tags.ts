/** Of a Supported, Require or Unsupported header (RFC 3261, 19.2). */
export const optionTags = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .toLowerCase()
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
