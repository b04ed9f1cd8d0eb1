import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/**
 * Everything is bundled, and starts the faster for it, but libraries that load a part in machine code from beside
 * themselves: the package has those in `resources/node_modules` (electron-builder.yml).
 */
const native = ['@serialport/bindings-cpp', 'node-hid']
const external = [
  'electron',
  'electron/renderer',
  /^node:/,
  'pg-native',
  'bufferutil',
  'utf-8-validate',
  ...native,
]

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      minify: false,
      rollupOptions: {
        external,
        input: {
          index: 'main/index.ts',
          engine: 'main/engine/process.ts',
          hub: 'hub/process.ts',
          'sqlite-worker': 'hub/store/sqlite-worker.ts',
          lab: 'lab/process.ts',
        },
        // One flat folder: modules find their workers beside themselves.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: {
        external,
        input: { index: 'preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: 'renderer/index.html', wall: 'renderer/wall.html' } },
    },
  },
})
