import { type SceneComponentProps, SceneObjectBase, sceneGraph } from '@grafana/scenes';
import { Icon, PanelChrome, Tooltip } from '@grafana/ui';

/** Shows in a panel's header that its answer has remarks, as Grafana does; they are read by pointing at it. */
export class NoticeList extends SceneObjectBase {
  static Component = ({ model }: SceneComponentProps<NoticeList>) => {
    const { data } = sceneGraph.getData(model).useState();
    const texts = (data?.series ?? []).flatMap(({ meta }) => (meta?.notices ?? []).map(({ text }) => text));
    if (texts.length === 0) return null;
    return (
      <PanelChrome.TitleItem>
        <Tooltip content={texts.join(' ')}>
          <button
            type="button"
            aria-label={texts.join(' ')}
            style={{ border: 0, padding: 0, background: 'none', color: 'inherit', cursor: 'help' }}
          >
            <Icon name="info-circle" size="sm" />
          </button>
        </Tooltip>
      </PanelChrome.TitleItem>
    );
  };
}
