import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** One flat folder, which the hub reads whole. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/field/',
  plugins: [react()],
  build: {
    outDir: '../out/field',
    emptyOutDir: true,
    assetsDir: '',
    modulePreload: { polyfill: false },
  },
})
