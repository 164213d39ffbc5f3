import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };

/** Where an exemplar leads to by a label of it, of Prometheus. */
const ExemplarDestination = Type.Object(
  { name: Type.String({ minLength: 1 }), url: Type.String(), urlDisplayLabel: Type.String() },
  closed,
);

/**
 * A data source in `datasources/*.yaml`. Closed, because Grafana ignores what it does not know: a misspelt key would
 * be lost in silence.
 */
export const ProvisionedDataSource = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    uid: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,40}$' }),
    type: Type.String({ minLength: 1 }),
    access: Type.Literal('proxy'),
    /** Where it is, of kinds that don't have it in `jsonData`. */
    url: Type.Optional(Type.String()),
    isDefault: Type.Optional(Type.Boolean()),
    editable: Type.Optional(Type.Boolean()),
    jsonData: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([Type.String(), Type.Boolean(), Type.Array(ExemplarDestination)]),
      ),
    ),
    secureJsonData: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
);
/** A data source in `datasources/*.yaml`. */
export type ProvisionedDataSource = Static<typeof ProvisionedDataSource>;

/** A file in `datasources/`. Without `apiVersion` Grafana drops uid, jsonData and isDefault. */
export const DataSourcesFile = Type.Object(
  { apiVersion: Type.Literal(1), datasources: Type.Array(ProvisionedDataSource, { minItems: 1 }) },
  closed,
);

/** `dashboards/dashboards.yaml`: where Grafana finds the dashboards. */
export const DashboardProvidersFile = Type.Object(
  {
    apiVersion: Type.Literal(1),
    providers: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1 }),
          folder: Type.String(),
          type: Type.Literal('file'),
          disableDeletion: Type.Optional(Type.Boolean()),
          allowUiUpdates: Type.Optional(Type.Boolean()),
          updateIntervalSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
          options: Type.Object({ path: Type.String({ pattern: '^/' }) }, closed),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  closed,
);

const DataSourceRef = Type.Object({ type: Type.String(), uid: Type.String() });

const GridPosition = Type.Object({
  x: Type.Integer({ minimum: 0, maximum: 23 }),
  y: Type.Integer({ minimum: 0 }),
  w: Type.Integer({ minimum: 1, maximum: 24 }),
  h: Type.Integer({ minimum: 1 }),
});

const FieldConfig = Type.Object({
  defaults: Type.Record(Type.String(), Type.Unknown()),
  overrides: Type.Array(
    Type.Object({
      matcher: Type.Object({ id: Type.String(), options: Type.Optional(Type.Unknown()) }),
      properties: Type.Array(Type.Object({ id: Type.String(), value: Type.Optional(Type.Unknown()) })),
    }),
  ),
});

/** A query of a panel; the rest of it belongs to the data source. */
export const PanelTarget = Type.Object({
  refId: Type.String({ minLength: 1 }),
  datasource: Type.Optional(DataSourceRef),
});
/** A query of a panel. */
export type PanelTarget = Static<typeof PanelTarget>;

/** A panel or the heading of a row, as far as the preview draws it. */
export const DashboardPanel = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  type: Type.String({ minLength: 1 }),
  title: Type.String(),
  description: Type.Optional(Type.String()),
  gridPos: GridPosition,
  datasource: Type.Optional(DataSourceRef),
  targets: Type.Optional(Type.Array(PanelTarget)),
  fieldConfig: Type.Optional(FieldConfig),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  transformations: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), options: Type.Record(Type.String(), Type.Unknown()) })),
  ),
  timeFrom: Type.Optional(Type.String()),
  timeShift: Type.Optional(Type.String()),
  hideTimeOverride: Type.Optional(Type.Boolean()),
  maxDataPoints: Type.Optional(Type.Integer({ minimum: 1 })),
  interval: Type.Optional(Type.String()),
  collapsed: Type.Optional(Type.Boolean()),
  transparent: Type.Optional(Type.Boolean()),
});
/** A panel or the heading of a row. */
export type DashboardPanel = Static<typeof DashboardPanel>;

const DashboardVariable = Type.Object({
  type: Type.Union(['query', 'custom', 'textbox', 'constant', 'adhoc'].map((type) => Type.Literal(type))),
  name: Type.String({ pattern: '^\\w+$' }),
  label: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  hide: Type.Optional(Type.Integer()),
  query: Type.Optional(Type.Unknown()),
  datasource: Type.Optional(DataSourceRef),
  regex: Type.Optional(Type.String()),
  sort: Type.Optional(Type.Integer()),
  multi: Type.Optional(Type.Boolean()),
  includeAll: Type.Optional(Type.Boolean()),
  allValue: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  refresh: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
});
/** A variable of a dashboard. */
export type DashboardVariable = Static<typeof DashboardVariable>;

const DashboardAnnotation = Type.Object({
  name: Type.String({ minLength: 1 }),
  enable: Type.Boolean(),
  hide: Type.Optional(Type.Boolean()),
  iconColor: Type.String(),
  datasource: DataSourceRef,
  target: Type.Record(Type.String(), Type.Unknown()),
});
/** What is marked on the graphs of a dashboard. */
export type DashboardAnnotation = Static<typeof DashboardAnnotation>;

/** A dashboard's classic JSON. Grafana takes uids of at most 40 characters, and only logs what it can't read. */
export const Dashboard = Type.Object({
  uid: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,40}$' }),
  title: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Type.String())),
  schemaVersion: Type.Literal(41),
  timezone: Type.Optional(Type.String()),
  refresh: Type.Optional(Type.String()),
  graphTooltip: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
  time: Type.Object({ from: Type.String(), to: Type.String() }),
  timepicker: Type.Optional(Type.Object({ refresh_intervals: Type.Optional(Type.Array(Type.String())) })),
  templating: Type.Optional(Type.Object({ list: Type.Array(DashboardVariable) })),
  annotations: Type.Optional(Type.Object({ list: Type.Array(DashboardAnnotation) })),
  panels: Type.Array(DashboardPanel),
});
/** A dashboard's classic JSON, as far as the preview draws it. */
export type Dashboard = Static<typeof Dashboard>;
