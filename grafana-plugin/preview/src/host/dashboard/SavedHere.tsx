import { locationService } from '@grafana/runtime';
import { type SceneComponentProps, SceneObjectBase, VizPanel } from '@grafana/scenes';
import { IconButton, PanelChrome } from '@grafana/ui';
import { savedPanel } from '../saved/queries.ts';
import { DashboardScene } from './DashboardScene.tsx';
import { sourceKey } from './repeatValues.ts';

/** Says in a panel's header that its queries are not those of the dashboard's file. */
export class SavedHere extends SceneObjectBase {
  static Component = ({ model }: SceneComponentProps<SavedHere>) => {
    const [panel, scene] = [model.parent, model.getRoot()];
    if (!(panel instanceof VizPanel) || !(scene instanceof DashboardScene)) return null;
    const key = panel.state.key ?? '';
    if (savedPanel(scene.state.uid, sourceKey(panel)).read() === undefined) return null;
    return (
      <PanelChrome.TitleItem>
        <IconButton
          name="edit"
          size="sm"
          tooltip="The queries of this panel were edited in this browser: see or reset them"
          onClick={() => locationService.partial({ editPanel: key })}
        />
      </PanelChrome.TitleItem>
    );
  };
}
