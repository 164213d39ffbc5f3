import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { type SceneObject, SceneRefreshPicker, SceneTimePicker, sceneGraph, VizPanel } from '@grafana/scenes';
import { Button, ToolbarButton, useStyles2 } from '@grafana/ui';
import { useLayoutEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { InspectDrawer } from '../inspect/InspectDrawer.tsx';
import { isKiosk } from '../pages/kiosk.ts';
import { DashboardLinks } from './DashboardLinks.tsx';
import type { DashboardScene } from './DashboardScene.tsx';
import { EditPanel } from './EditPanel.tsx';
import { inspectTabOf } from './inspectTabs.ts';

/** A dashboard, or one panel of it alone, beneath its controls; what is viewed, edited and inspected is in the address. */
export function DashboardView({ scene }: { scene: DashboardScene }) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const { uid, links, body, controls, onRenew } = scene.useState();
  const [areChoicesOpen, setChoicesOpen] = useState(false);
  const parameters = new URLSearchParams(search);
  const named = (name: string) => panelNamed(scene, parameters.get(name));
  const [viewed, edited, inspected] = [named('viewPanel'), named('editPanel'), named('inspect')];
  const alone = viewed ?? edited;
  const back = () => locationService.partial({ viewPanel: null, editPanel: null });
  const isAlone = alone !== undefined;
  useLayoutEffect(() => activateParents(alone, scene), [alone, scene]);
  return (
    <div className={styles.page}>
      {!isKiosk(search) && (
        <div className={styles.controls}>
          <div className={styles.time}>
            {controls.filter(isOfTime).map((control) => (
              <control.Component key={control.state.key} model={control} />
            ))}
            <ToolbarButton
              className={styles.toggle}
              icon="filter"
              variant="canvas"
              aria-expanded={areChoicesOpen}
              aria-label="Choices and filters"
              onClick={() => setChoicesOpen(!areChoicesOpen)}
            />
          </div>
          <div className={cx(styles.choices, !areChoicesOpen && styles.closed)}>
            {controls
              .filter((control) => !isOfTime(control))
              .map((control) => (
                <control.Component key={control.state.key} model={control} />
              ))}
            <DashboardLinks links={links} />
          </div>
        </div>
      )}
      {isAlone && !isKiosk(search) && (
        <div>
          <Button variant="secondary" size="sm" icon="arrow-left" onClick={back}>
            Back to the dashboard
          </Button>
        </div>
      )}
      {isAlone ? (
        <div className={edited ? styles.edited : styles.alone}>
          <div className={styles.filling}>
            <alone.Component model={alone} />
          </div>
        </div>
      ) : (
        <div className={styles.body}>
          <body.Component model={body} />
        </div>
      )}
      {edited && <EditPanel key={edited.state.key} dashboard={uid} panel={edited} onRenew={onRenew} />}
      {inspected && <InspectDrawer panel={inspected} tab={inspectTabOf(parameters)} />}
    </div>
  );
}

function isOfTime(control: SceneObject): boolean {
  return control instanceof SceneTimePicker || control instanceof SceneRefreshPicker;
}

/**
 * Scenes tells a panel that its variables have values only where all that is around it is active, which the grid is not while
 * one panel is shown alone. @returns what takes it back
 */
function activateParents(panel: VizPanel | undefined, scene: SceneObject): () => void {
  const undone: (() => void)[] = [];
  for (let object = panel?.parent; object && object !== scene; object = object.parent) {
    undone.push(object.activate());
  }
  return () => {
    for (const undo of undone) undo();
  };
}

/** The panel of that key, `panel-7`, or as Grafana's addresses name it, `7`. */
function panelNamed(scene: DashboardScene, name: string | null): VizPanel | undefined {
  if (name === null) return undefined;
  const key = /^\d+$/.test(name) ? `panel-${name}` : name;
  const found = sceneGraph.findObject(scene, ({ state }) => state.key === key);
  return found instanceof VizPanel ? found : undefined;
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minHeight: '100%' }),
  // The choices flow around time range and refresh, as in Grafana.
  controls: css({ display: 'flow-root' }),
  time: css({ display: 'flex', gap: theme.spacing(1), float: 'right', marginLeft: theme.spacing(1) }),
  choices: css({
    '& > *': { display: 'inline-flex', verticalAlign: 'top', margin: theme.spacing(0, 1, 1, 0) },
    [theme.breakpoints.down('sm')]: { clear: 'both', paddingTop: theme.spacing(1) },
  }),
  // On a phone the choices would be a page of their own: they are behind a button.
  toggle: css({ [theme.breakpoints.up('sm')]: { display: 'none' } }),
  closed: css({ [theme.breakpoints.down('sm')]: { display: 'none' } }),
  body: css({ display: 'flex', flexGrow: 1 }),
  alone: css({ position: 'relative', flexGrow: 1, minHeight: 300 }),
  edited: css({ position: 'relative', height: 360 }),
  filling: css({ position: 'absolute', inset: 0, display: 'flex' }),
});
