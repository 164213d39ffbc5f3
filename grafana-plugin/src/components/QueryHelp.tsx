import type { QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import { applyCode } from '../code/applyCode';
import { readCode } from '../code/readCode';
import type { StorepulseQuery } from '../types';
import { QUERY_EXAMPLES } from './queryExamples';

type Props = Pick<QueryEditorHelpProps<StorepulseQuery>, 'query' | 'onClickExample'>;

/** What can be asked, with queries to begin with; a click asks one of the shop that is chosen. */
export function QueryHelp({ query, onClickExample }: Props) {
  const begin = (code: string) => {
    const { query: example } = readCode(code, undefined);
    const { shop } = query ?? {};
    onClickExample(applyCode(query ?? { refId: 'A' }, { ...example, ...(shop ? { shop } : {}) }));
  };
  return (
    <Stack direction="column" gap={2}>
      <Text element="h2" variant="h4">
        What can be asked
      </Text>
      <Text>
        A query asks one shop for a metric, a funnel of its visits, or cohorts of its customers. It can be
        split by a dimension, filtered, and cut into intervals. The same query can be edited by fields or as a
        text: a metric or the type of the query, then its clauses in any order.
      </Text>
      {QUERY_EXAMPLES.map(({ title, what, code }) => (
        <Stack key={code} direction="column" gap={0.5}>
          <Text element="h3" variant="h5">
            {title}
          </Text>
          <Text>{what}</Text>
          <div>
            <Button variant="secondary" size="sm" onClick={() => begin(code)}>
              {code}
            </Button>
          </div>
        </Stack>
      ))}
    </Stack>
  );
}
