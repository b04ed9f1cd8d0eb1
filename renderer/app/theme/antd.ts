/** The component library in the console's own colours. */
import { type ThemeConfig, theme } from 'antd'
import type { Theme } from '../../../contract/settings.ts'

const colours = {
  dark: {
    colorPrimary: '#2f7fd6',
    colorBgBase: '#0b1118',
    colorBgContainer: '#0c151e',
    colorBgElevated: '#182431',
    colorBorder: '#2a3c4f',
    colorText: '#e7eef6',
    colorTextDescription: '#9fb1c4',
    colorTextPlaceholder: '#8397ab',
    colorError: '#ff7a72',
    colorLink: '#6bb2ff',
  },
  light: {
    colorPrimary: '#1f5fae',
    colorBgBase: '#ffffff',
    colorBgContainer: '#ffffff',
    colorBgElevated: '#ffffff',
    colorBorder: '#c3cfda',
    colorText: '#16212c',
    colorTextDescription: '#435567',
    colorTextPlaceholder: '#526476',
    colorError: '#c4271e',
    colorLink: '#0f5ab0',
  },
} as const

export const antdTheme = (name: Theme): ThemeConfig => ({
  algorithm: name === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
  token: {
    ...colours[name],
    borderRadius: 6,
    fontSize: 13,
    controlHeight: 32,
    motion: false,
    fontFamily: 'var(--font)',
  },
  components: {
    // What must be seen at once is dark on light red at night: white would be hard to read there.
    Button: { dangerColor: name === 'dark' ? '#1a0503' : '#ffffff' },
    Slider: {
      railBg: 'var(--line)',
      railHoverBg: 'var(--line)',
      trackBg: 'var(--select)',
      trackHoverBg: 'var(--select)',
      handleColor: 'var(--select)',
    },
  },
})
