/** Hands the page the MessagePort to its engine: on request, and anew whenever main sends another. Nothing else. */
import { ipcRenderer } from 'electron'

ipcRenderer.on('port', ({ ports }) => {
  window.postMessage('watchfloor:port', '*', [...ports])
})
window.addEventListener('message', ({ source, data }) => {
  if (source === window && data === 'watchfloor:port-wanted') ipcRenderer.send('port-wanted')
})
