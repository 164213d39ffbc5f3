import { type SceneComponentProps, SceneObjectBase, sceneGraph } from '@grafana/scenes';
import { Notices } from './Notices.tsx';

/** The remarks of a panel's answer, in its header. */
export class NoticeList extends SceneObjectBase {
  static Component = ({ model }: SceneComponentProps<NoticeList>) => {
    const { data } = sceneGraph.getData(model).useState();
    return <Notices frames={data?.series ?? []} />;
  };
}
