import { Button, Icon, Stack, Text } from '@grafana/ui';
import type { Hint } from '../query/hintQuery';
import type { StorepulseQuery } from '../types';

interface Props {
  hints: Hint[];
  /** Called with the query that a hint offers. */
  onFix: (query: StorepulseQuery) => void;
}

/** What the last answer tells about a query. */
export function HintList({ hints, onFix }: Props) {
  return (
    <Stack direction="column" gap={0.5}>
      {hints.map(({ text, fix }) => (
        <Stack key={text} alignItems="center" gap={1} wrap="wrap">
          <Icon name="info-circle" />
          <Text variant="bodySmall">{text}</Text>
          {fix && (
            <Button variant="secondary" size="sm" onClick={() => onFix(fix.query)}>
              {fix.label}
            </Button>
          )}
        </Stack>
      ))}
    </Stack>
  );
}
