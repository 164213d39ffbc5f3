/** A query of the Storepulse data source; `shop` is the dashboard's unless it says otherwise. */
export interface ShopQuery {
  metric: string;
  groupBy?: string;
  /** What each group is split by further. */
  thenBy?: string;
  /** Only rows of the values that a variable of the dashboard has; All takes every row. */
  only?: { dimension: string; variable: string };
  interval?: string;
  compareTo?: 'previous_week';
  limit?: number;
  /** Adds the share of each group in the total to a table. */
  share?: true;
  format?: 'table';
  exact?: true;
}

/** A query of another type than metrics: what customers came back, or what is stored one by one. */
export type OtherQuery =
  | { queryType: 'cohort'; months: number; share: true }
  | { queryType: 'records'; records: 'orders'; limit: number };

/** A panel before it has its place and number. */
export interface Panel {
  title: string;
  /** Grafana's classic JSON, without `id` and `gridPos`. */
  json: Readonly<Record<string, unknown>>;
  /** In columns of 24. */
  width: number;
  height: number;
}

/** A link at the head of a dashboard, to a page elsewhere. */
export interface PageLink {
  title: string;
  tooltip: string;
  url: string;
}

/** What a dashboard is, without what all of them have. */
export interface DashboardSpec {
  uid: string;
  title: string;
  description: string;
  refresh: string;
  /** The first to be opened. @default another one is */
  isHome?: true;
  /** Begin of its range, such as `now-7d`. */
  from: string;
  variables: readonly object[];
  /** Beside the one to the other dashboards. @default none */
  links?: readonly PageLink[];
  /** From top to bottom, each row from left to right; what is a list itself stands one below the other. */
  rows: readonly (readonly (Panel | readonly Panel[])[])[];
}

/** A query of Prometheus. */
export interface PromQuery {
  expr: string;
  /** What its line is called; `{{label}}` is the value of a label. */
  legend: string;
}

/** The provisioned data source of the parts' own figures. */
export const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' } as const;
/** The provisioned data source of the shops. */
export const STOREPULSE = { type: 'storepulse-commerce-datasource', uid: 'storepulse' } as const;
