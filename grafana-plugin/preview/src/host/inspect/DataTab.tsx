import { applyFieldOverrides, getFrameDisplayName, type PanelData, toCSV } from '@grafana/data';
import { Button, Combobox, Stack, Table, useTheme2 } from '@grafana/ui';
import { useMemo, useState } from 'react';
import { useMeasure } from 'react-use';
import { templateSrv } from '../services/templateSrv.ts';

const HEIGHT_PX = 460;

/** A panel's data as tables, one frame at a time, and as a CSV file. */
export function DataTab({ title, data: { series } }: { title: string; data: PanelData }) {
  const [at, setAt] = useState(0);
  const [measured, { width }] = useMeasure<HTMLDivElement>();
  const theme = useTheme2();
  const frame = series[at] ?? series[0];
  // A table draws nothing of a field that does not know how its values are shown.
  const shown = useMemo(
    () =>
      applyFieldOverrides({
        ...{ data: frame ? [frame] : [], fieldConfig: { defaults: {}, overrides: [] }, theme },
        ...{ replaceVariables: templateSrv.replace, timeZone: 'browser' },
      })[0],
    [frame, theme],
  );
  if (!frame || !shown) return 'There is no data.';
  const options = series.map((each, n) => ({ value: n, label: getFrameDisplayName(each, n) }));
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" gap={1} alignItems="center">
        {series.length > 1 && (
          <Combobox aria-label="Frame" options={options} value={at} onChange={({ value }) => setAt(value)} />
        )}
        <Button
          variant="secondary"
          icon="download-alt"
          onClick={() => download(`${title || 'panel'}.csv`, toCSV([frame]))}
        >
          Download CSV
        </Button>
        <span>{frame.length} rows</span>
      </Stack>
      <div ref={measured} style={{ height: HEIGHT_PX }}>
        {width > 0 && <Table data={shown} width={width} height={HEIGHT_PX} />}
      </div>
    </Stack>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
