/** Whether what is typed goes into something. */

/** Input types in which letters mean nothing. */
const notTyped = /^(radio|checkbox|button|range|submit|color|file|image|reset)$/

export function takesText(element: EventTarget | null): boolean {
  if (element instanceof HTMLInputElement) return !notTyped.test(element.type) && !element.readOnly
  return (
    element instanceof HTMLTextAreaElement || (element instanceof HTMLElement && element.isContentEditable)
  )
}
