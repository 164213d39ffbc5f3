import { catalog } from '@storepulse/contracts';
import { parseCode } from '../code/parseCode';
import { hasVariable } from '../query/readVariables';
import { QUERY_EXAMPLES } from './queryExamples';

test.each(QUERY_EXAMPLES.map(({ code }) => code))(
  '%s can be read, and asks what the exporter has',
  (code) => {
    const parsed = parseCode(code);
    expect(parsed.kind).toBe('query');
    const { query, named } = parsed as Extract<typeof parsed, { kind: 'query' }>;
    const metric = catalog.metrics.get(query.metric!);
    const dimensions = named.filter(({ names }) => names === 'dimension').map(({ token }) => token.value);
    expect(catalog.dimensionsOf(metric!)).toEqual(
      expect.arrayContaining(dimensions.filter((name) => !hasVariable(name))),
    );
  },
);
