/** What lies under the units, and which units show. */
import { App, Button, Checkbox, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import { agencyKinds } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'
import { agencyLayer, INCIDENT_LAYER } from './layers.ts'
import styles from './map.module.css'

export function LayersMenu() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const change = useChangeSettings()
  const site = useApp(({ shared }) => shared.state.site?.basemaps) ?? []
  const agencies = useApp(({ shared }) => shared.state.directory.agencies)
  const { basemap, hiddenLayers, mapFiles } = useApp(({ settings }) => settings.seat)
  const present = new Set(Object.values(agencies).map(({ kind }) => kind))
  const layers = [
    ...agencyKinds
      .filter((kind) => present.has(kind))
      .map((kind) => ({ id: agencyLayer(kind), text: t(`agencyKinds.${kind}`) })),
    { id: INCIDENT_LAYER, text: t('panels.incidents') },
    { id: 'stale', text: t('map.stale') },
    { id: 'labels', text: t('map.labels') },
  ]
  const addFile = async () => {
    try {
      const picked = await engine.settings.addMapFile.mutate()
      if (picked.kind === 'added') change({ basemap: picked.basemap })
    } catch (error) {
      message.error(t('map.fileFailed', { why: explain(error) }))
    }
  }
  const removeFile = (id: Id) => {
    engine.settings.removeMapFile.mutate({ basemap: id }).catch((error) => message.error(explain(error)))
  }
  return (
    <div className={styles.layers}>
      <fieldset>
        <legend>{t('map.basemap')}</legend>
        <Radio.Group
          vertical
          value={
            [...site, ...mapFiles.map((file) => file.basemap)].some(({ id }) => id === basemap)
              ? basemap
              : 'schematic'
          }
          onChange={({ target }) => change({ basemap: target.value })}
        >
          <Radio value="schematic">{t('map.schematicName')}</Radio>
          {site.map(({ id, name }) => (
            <Radio key={id} value={id}>
              {named(name)}
            </Radio>
          ))}
          {mapFiles.map(({ basemap: { id, name } }) => (
            <span key={id} className={styles.file}>
              <Radio value={id}>{named(name)}</Radio>
              <Button type="text" size="small" onClick={() => removeFile(id)}>
                {t('map.removeFile')}
              </Button>
            </span>
          ))}
        </Radio.Group>
        <Button size="small" onClick={addFile}>
          {t('map.addFile')}
        </Button>
      </fieldset>
      <fieldset>
        <legend>{t('map.show')}</legend>
        {layers.map(({ id, text }) => (
          <Checkbox
            key={id}
            checked={!hiddenLayers.includes(id)}
            onChange={({ target }) =>
              change({
                hiddenLayers: target.checked
                  ? hiddenLayers.filter((other) => other !== id)
                  : [...hiddenLayers, id],
              })
            }
          >
            {text}
          </Checkbox>
        ))}
      </fieldset>
    </div>
  )
}
