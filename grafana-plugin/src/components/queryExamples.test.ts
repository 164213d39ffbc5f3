import { catalog } from '@storepulse/contracts';
import { hasVariable } from '@storepulse/contracts/grafana/references';
import { parseCode } from '../code/parseCode';
import { dimensionRules } from '../query/dimensionRules';
import { QUERY_EXAMPLES } from './queryExamples';

test.each(QUERY_EXAMPLES.map(({ code }) => code))(
  '%s can be read, and asks what the exporter has',
  (code) => {
    const parsed = parseCode(code);
    expect(parsed.kind).toBe('query');
    const { query, named } = parsed as Extract<typeof parsed, { kind: 'query' }>;
    const dimensions = named.filter(({ names }) => names === 'dimension').map(({ token }) => token.value);
    const { names: allowed } = dimensionRules({ refId: 'A', ...query }, undefined);
    expect(allowed ?? catalog.dimensionsOf(catalog.metrics.get(query.metric!)!)).toEqual(
      expect.arrayContaining(dimensions.filter((name) => !hasVariable(name))),
    );
  },
);
