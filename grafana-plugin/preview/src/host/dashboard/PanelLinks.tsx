import {
  type SceneComponentProps,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
} from '@grafana/scenes';
import { Dropdown, Icon, Menu, PanelChrome } from '@grafana/ui';
import { useLocation } from 'react-router-dom';
import type { DashboardLink } from '../api.ts';
import { linkAddress } from './linkAddress.ts';

interface PanelLinksState extends SceneObjectState {
  links: DashboardLink[];
}

/** The links of a panel, in its header. */
export class PanelLinks extends SceneObjectBase<PanelLinksState> {
  static Component = ({ model }: SceneComponentProps<PanelLinks>) => {
    const { search } = useLocation();
    const { links } = model.useState();
    const fill = (text: string) => sceneGraph.interpolate(model, text);
    const menu = (
      <Menu>
        {links.map((link) => (
          <Menu.Item
            key={link.title}
            label={fill(link.title)}
            url={linkAddress(fill(link.url ?? ''), link, search)}
            target={link.targetBlank ? '_blank' : '_self'}
          />
        ))}
      </Menu>
    );
    return (
      <Dropdown overlay={menu}>
        <PanelChrome.TitleItem>
          <button type="button" aria-label="Links of this panel" style={PLAIN}>
            <Icon name="external-link-alt" size="sm" />
          </button>
        </PanelChrome.TitleItem>
      </Dropdown>
    );
  };
}

const PLAIN = { border: 0, padding: 0, background: 'none', color: 'inherit' } as const;
