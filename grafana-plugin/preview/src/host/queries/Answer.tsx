import type { DataFrame, PanelData, TimeRange } from '@grafana/data';
import { FieldType } from '@grafana/data';
import { getPluginImportUtils } from '@grafana/runtime';
import { Stack } from '@grafana/ui';
import type { ChosenFilter } from '../panels/LogsPanel.tsx';
import { panelOf } from './panelOf.ts';
import { Visualization } from './Visualization.tsx';

interface Props {
  title: string;
  data: PanelData;
  onChangeRange: (range: TimeRange) => void;
  onFilter?: (filter: ChosenFilter) => void;
}

const HEIGHT_PX = 360;
const LINE_PX = 36;

/** Answers drawn as what they are: graphs, tables, log lines, heat maps; those of one kind in one panel, tables each by itself. */
export function Answer({ title, data, onChangeRange, onFilter }: Props) {
  const kinds = Map.groupBy(data.series.filter(isNotEmpty), panelOf);
  const drawn = [...kinds].flatMap(([kind, series]) =>
    kind === 'table' ? series.map((frame) => ({ kind, series: [frame] })) : [{ kind, series }],
  );
  const shown = drawn.length === 0 ? [{ kind: 'timeseries', series: data.series }] : drawn;
  return (
    <Stack direction="column" gap={1}>
      {shown.map(({ kind, series }, n) => (
        <Visualization
          // Answers have no identity but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: they are never reordered
          key={n}
          title={shown.length > 1 ? `${title} ${series[0]?.refId ?? ''}`.trim() : title}
          plugin={getPluginImportUtils().getPanelPluginFromCache(kind)!}
          data={{ ...data, series }}
          height={heightOf(kind, series)}
          {...{ onChangeRange, ...(onFilter ? { onFilter } : {}) }}
        />
      ))}
    </Stack>
  );
}

/** A short table takes no more room than it has rows. */
function heightOf(kind: string, [frame]: readonly DataFrame[]): number {
  return kind === 'table' ? Math.min(HEIGHT_PX, (3 + (frame?.length ?? 0)) * LINE_PX) : HEIGHT_PX;
}

function isNotEmpty({ length, fields }: DataFrame): boolean {
  return length > 0 && fields.some(({ type }) => type !== FieldType.time);
}
