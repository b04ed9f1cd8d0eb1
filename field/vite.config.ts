import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** One flat folder, which the hub reads whole; its files name one another by where they are. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/field',
    emptyOutDir: true,
    assetsDir: '',
    modulePreload: { polyfill: false },
  },
})
