import { rangeUtil } from '@grafana/data';
import { type SceneComponentProps, SceneObjectBase, sceneGraph } from '@grafana/scenes';
import { Icon, PanelChrome } from '@grafana/ui';

/** Says in a panel's header that its time range is not the dashboard's. */
export class TimeRangeLabel extends SceneObjectBase {
  static Component = ({ model }: SceneComponentProps<TimeRangeLabel>) => {
    const { value } = sceneGraph.getTimeRange(model).useState();
    return (
      <PanelChrome.TitleItem>
        <Icon name="clock-nine" size="sm" /> {rangeUtil.describeTimeRange(value.raw)}
      </PanelChrome.TitleItem>
    );
  };
}
