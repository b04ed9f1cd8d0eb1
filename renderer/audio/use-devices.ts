/** The audio devices as a component sees them. */
import { useSyncExternalStore } from 'react'
import { presentDevices } from './devices.ts'

const subscribe = (changed: () => void) => presentDevices().onChange(changed)

export const useDevices = () => useSyncExternalStore(subscribe, () => presentDevices().value)
