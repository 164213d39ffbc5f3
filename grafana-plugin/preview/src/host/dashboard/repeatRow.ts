import {
  LocalValueVariable,
  type SceneGridRow as Row,
  SceneGridItem,
  type SceneGridItemLike,
  SceneGridLayout,
  SceneGridRow,
  SceneObjectBase,
  type SceneObjectState,
  SceneVariableSet,
  VariableDependencyConfig,
} from '@grafana/scenes';
import { cloneKey, repeatValues } from './repeatValues.ts';

interface RowRepeaterState extends SceneObjectState {
  variable: string;
}

/** A behaviour of a row: the row and its panels are there once for each value of a variable, one row beneath the other. */
export class RowRepeater extends SceneObjectBase<RowRepeaterState> {
  protected override _variableDependency = new VariableDependencyConfig(this, {
    variableNames: [this.state.variable],
    onVariableUpdateCompleted: () => this.#repeat(),
  });

  constructor(state: RowRepeaterState) {
    super(state);
    this.addActivationHandler(() => this.#repeat());
  }

  #repeat(): void {
    const row = this.parent;
    const grid = row?.parent;
    if (!(row instanceof SceneGridRow) || !(grid instanceof SceneGridLayout)) return;
    const { variable } = this.state;
    const values = repeatValues(this, variable);
    const [first, ...others] = values;
    const chosen = JSON.stringify(values);
    if (first === undefined || chosen === this.#chosen) return;
    this.#chosen = chosen;
    const variablesOf = ({ value, text }: typeof first) =>
      new SceneVariableSet({ variables: [new LocalValueVariable({ name: variable, value, text })] });
    row.setState({ $variables: variablesOf(first) });
    const height = heightOf(row);
    const clones = others.map((value, n) => cloneOf(row, n + 1, height * (n + 1), variablesOf(value)));
    const kept = grid.state.children.filter(({ state }) => repeatSourceOf(state) !== row.state.key);
    const before = kept.slice(0, kept.indexOf(row) + 1);
    const after = kept.slice(before.length);
    // A clone of before took room too: what follows begins where the row ended at first.
    const moved = this.#moved;
    this.#moved = height * clones.length;
    for (const item of after) moveBy(item, this.#moved - moved);
    grid.setState({ children: [...before, ...clones, ...after] });
  }

  /** The values that its rows are for. */
  #chosen = '';

  /** So far the items behind the row have been moved down, in rows of the grid. */
  #moved = 0;
}

function repeatSourceOf(state: object): string | undefined {
  return 'repeatSourceKey' in state ? (state.repeatSourceKey as string | undefined) : undefined;
}

/** Rows of the grid that a row takes with all of its panels. */
function heightOf(row: Row): number {
  const top = row.state.y ?? 0;
  const ends = row.state.children.map(({ state: { y = 0, height = 0 } }) => y + height);
  return Math.max(top + 1, ...ends) - top;
}

function cloneOf(row: Row, n: number, down: number, $variables: SceneVariableSet): Row {
  const { key, y = 0, children, title, isCollapsed } = row.state;
  return new SceneGridRow({
    ...{ key: cloneKey(row, n), title, y: y + down, $variables },
    ...(isCollapsed === undefined ? {} : { isCollapsed }),
    ...(key === undefined ? {} : { repeatSourceKey: key }),
    children: children.map((child) => cloneOfItem(child, n, down)),
  });
}

function cloneOfItem(item: SceneGridItemLike, n: number, down: number): SceneGridItemLike {
  const place = { key: cloneKey(item, n), y: (item.state.y ?? 0) + down };
  if (!(item instanceof SceneGridItem)) return item.clone(place);
  const { body } = item.state;
  return item.clone({ ...place, ...(body ? { body: body.clone({ key: cloneKey(body, n) }) } : {}) });
}

function moveBy(item: SceneGridItemLike, rows: number): void {
  item.setState({ y: (item.state.y ?? 0) + rows });
  if (item instanceof SceneGridRow) for (const child of item.state.children) moveBy(child, rows);
}
