import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Text = Type.String({ minLength: 1 });
const strict = { additionalProperties: false };

/**
 * The fields of Grafana's `plugin.json` that our data source has, as Grafana documents them.
 * Stricter than Grafana's schema, which takes templates such as `%VERSION%`: this is about a file that is shipped.
 */
const PluginJsonSchema = Type.Object(
  {
    $schema: Text,
    /** Added by the build; Grafana tells a development build from others by it. */
    buildMode: Type.Literal('production'),
    type: Type.Literal('datasource'),
    name: Text,
    id: Type.String({ pattern: '^[0-9a-z]+-([0-9a-z]+-)?datasource$' }),
    /** Of archives with executables alone. */
    backend: Type.Optional(Type.Literal(true)),
    /** First part of the executables' names. */
    executable: Type.Optional(Type.String({ pattern: '^gpx_[a-z]+$' })),
    /** Whether alert rules may ask it: they ask the backend. */
    alerting: Type.Optional(Type.Literal(true)),
    metrics: Type.Optional(Type.Boolean()),
    annotations: Type.Optional(Type.Boolean()),
    logs: Type.Optional(Type.Boolean()),
    streaming: Type.Optional(Type.Boolean()),
    multiValueFilterOperators: Type.Optional(Type.Boolean()),
    category: Type.Optional(
      Type.Union(
        (['tsdb', 'logging', 'cloud', 'tracing', 'profiling', 'sql', 'iot', 'other'] as const).map((name) =>
          Type.Literal(name),
        ),
      ),
    ),
    routes: Type.Array(
      Type.Object(
        {
          path: Type.String({ pattern: '/$' }),
          url: Text,
          headers: Type.Array(Type.Object({ name: Text, content: Text }, strict)),
        },
        strict,
      ),
    ),
    includes: Type.Array(
      Type.Object(
        { type: Type.Literal('dashboard'), name: Text, path: Type.String({ pattern: '\\.json$' }) },
        strict,
      ),
    ),
    info: Type.Object(
      {
        description: Text,
        author: Type.Object({ name: Text }, strict),
        keywords: Type.Array(Text, { minItems: 1 }),
        logos: Type.Object(
          { small: Type.String({ pattern: '\\.svg$' }), large: Type.String({ pattern: '\\.svg$' }) },
          strict,
        ),
        links: Type.Array(Type.Object({ name: Text, url: Type.String({ pattern: '^https://' }) }, strict)),
        screenshots: Type.Array(
          Type.Object({ name: Text, path: Type.String({ pattern: '\\.(png|jpe?g|webp)$' }) }, strict),
          { minItems: 1 },
        ),
        version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$' }),
        updated: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
      },
      strict,
    ),
    dependencies: Type.Object(
      {
        grafanaDependency: Type.String({ pattern: '^>=\\d+\\.\\d+\\.\\d+(-\\d+)?( <\\d+\\.\\d+\\.\\d+)?$' }),
        plugins: Type.Array(Type.Never()),
      },
      strict,
    ),
  },
  strict,
);

/** A data source's `plugin.json`. */
export type PluginJson = Static<typeof PluginJsonSchema>;

/** What is wrong with a `plugin.json`, by field; nothing when it is sound. */
export function faultsOfPluginJson(json: unknown): string[] {
  return Value.Errors(PluginJsonSchema, json)
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .map(({ instancePath, keyword, message }) => {
      // The schema of a field that is not named is `false`.
      const fault = keyword === 'boolean' ? 'no field that a data source of ours has' : message;
      return `plugin.json${instancePath}: ${fault}`;
    });
}
