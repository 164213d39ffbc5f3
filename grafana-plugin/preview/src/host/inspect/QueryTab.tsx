import type { PanelData } from '@grafana/data';
import { Stack } from '@grafana/ui';
import { Pre } from './Pre.tsx';

/** The queries as the dashboard has them, and as the data source sent them. */
export function QueryTab({ data: { request, series } }: { data: PanelData }) {
  const sent = new Set(series.flatMap(({ meta }) => meta?.executedQueryString ?? []));
  return (
    <Stack direction="column" gap={2}>
      {[...sent].map((text, n) => (
        <Pre key={text} label={sent.size > 1 ? `Sent, ${n + 1} of ${sent.size}` : 'Sent'} text={text} />
      ))}
      <Pre label="Queries of the panel" text={JSON.stringify(request?.targets ?? [], null, 2)} />
    </Stack>
  );
}
