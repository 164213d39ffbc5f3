import { css } from '@emotion/css';
import {
  LocalValueVariable,
  type SceneComponentProps,
  type SceneGridItemLike,
  type SceneGridItemStateLike,
  SceneGridLayout,
  SceneObjectBase,
  SceneVariableSet,
  VariableDependencyConfig,
  type VizPanel,
} from '@grafana/scenes';
import { cloneKey, type RepeatValue, repeatValues } from './repeatValues.ts';

interface RepeatedPanelState extends SceneGridItemStateLike {
  /** What is repeated. */
  source: VizPanel;
  variable: string;
  direction: 'h' | 'v';
  /** Side by side at most. */
  maxPerRow: number;
  /** Rows of the grid that one of them is high. */
  itemHeight: number;
  panels: VizPanel[];
}

const GAP_PX = 8;

/** A panel that is there once for each value of a variable, side by side or one beneath the other, as Grafana repeats it. */
export class RepeatedPanel extends SceneObjectBase<RepeatedPanelState> implements SceneGridItemLike {
  protected override _variableDependency = new VariableDependencyConfig(this, {
    variableNames: [this.state.variable],
    onVariableUpdateCompleted: () => this.#repeat(),
  });

  constructor(state: Omit<RepeatedPanelState, 'panels'>) {
    super({ ...state, panels: [] });
    this.addActivationHandler(() => this.#repeat());
  }

  /** The values that its panels are for. */
  #chosen = '';

  #repeat(): void {
    const { source, direction, maxPerRow, itemHeight } = this.state;
    const values = repeatValues(this, this.state.variable);
    const chosen = JSON.stringify(values);
    if (values.length === 0 || chosen === this.#chosen) return;
    this.#chosen = chosen;
    const rows = direction === 'v' ? values.length : Math.ceil(values.length / maxPerRow);
    this.setState({
      panels: values.map((value, n) => panelFor(source, this.state.variable, value, n)),
      height: rows * itemHeight,
    });
    if (this.parent instanceof SceneGridLayout) this.parent.forceRender();
  }

  static Component = ({ model }: SceneComponentProps<RepeatedPanel>) => {
    const { panels, direction, maxPerRow } = model.useState();
    const columns = direction === 'v' ? 1 : Math.min(maxPerRow, Math.max(1, panels.length));
    return (
      <div className={styles.grid} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {panels.map((panel) => (
          <div key={panel.state.key} className={styles.cell}>
            <panel.Component model={panel} />
          </div>
        ))}
      </div>
    );
  };
}

/** A copy of a panel for which the variable has one value. */
function panelFor(source: VizPanel, variable: string, { value, text }: RepeatValue, n: number): VizPanel {
  return source.clone({
    key: cloneKey(source, n),
    $variables: new SceneVariableSet({
      variables: [new LocalValueVariable({ name: variable, value, text })],
    }),
  });
}

const styles = {
  grid: css({ display: 'grid', gridAutoRows: '1fr', gap: GAP_PX, width: '100%', height: '100%' }),
  cell: css({ position: 'relative', minHeight: 0 }),
};
