import {
  createDataFrame,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  FieldType,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { type Matrix, type Series, seriesName, type Vector } from './prometheusAnswer.ts';

interface PrometheusQuery extends DataQuery {
  expr: string;
  /** What a series is called; `{{label}}` is the value of a label. @default its labels */
  legendFormat?: string;
  /** Its value at the end of the range alone. @default false */
  instant?: boolean;
}

/** No finer than it is scraped, whatever a panel's width would allow. */
const MIN_STEP_S = 10;

/** Stands in for Grafana's data source of Prometheus, as far as panels of graphs and single figures need it. */
export class PrometheusDataSource extends DataSourceApi {
  readonly #url: string;

  constructor(settings: DataSourceInstanceSettings) {
    super(settings);
    this.#url = settings.url ?? '';
  }

  async query(request: DataQueryRequest): Promise<DataQueryResponse> {
    const frames = await Promise.all(
      (request.targets as PrometheusQuery[]).map((target) => this.#ask(target, request)),
    );
    return { data: frames.flat() };
  }

  async testDatasource() {
    return { status: 'success', message: 'The preview does not test it' };
  }

  async #ask(query: PrometheusQuery, request: DataQueryRequest): Promise<DataFrame[]> {
    const { expr, instant = false } = query;
    const from = request.range.from.valueOf() / 1_000;
    const to = request.range.to.valueOf() / 1_000;
    const step = Math.max(MIN_STEP_S, Math.ceil(request.intervalMs / 1_000));
    const path = instant
      ? `query?${new URLSearchParams({ query: expr, time: `${to}` })}`
      : `query_range?${new URLSearchParams({ query: expr, start: `${from}`, end: `${to}`, step: `${step}` })}`;
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const body = await response.text();
    if (!response.ok) {
      throw new Error(
        response.status >= 502
          ? 'Prometheus can’t be reached: start it with npm start -- --with prometheus'
          : `Prometheus answered ${response.status}: ${body.slice(0, 300)}`,
      );
    }
    const { data } = JSON.parse(body) as { data: Matrix | Vector };
    return data.result.map((series) => toFrame(series, query));
  }
}

function toFrame(series: Series, { refId, legendFormat }: PrometheusQuery): DataFrame {
  const samples = series.values ?? [series.value!];
  const name = seriesName(series.metric, legendFormat);
  return createDataFrame({
    refId,
    name,
    fields: [
      { name: 'Time', type: FieldType.time, values: samples.map(([time]) => time * 1_000), config: {} },
      {
        name: 'Value',
        type: FieldType.number,
        values: samples.map(([, value]) => numberOf(value)),
        labels: series.metric,
        config: { displayNameFromDS: name },
      },
    ],
  });
}

/** Where a quotient has no value Prometheus says NaN: a gap. */
function numberOf(text: string): number | null {
  const value = Number(text.replace('Inf', 'Infinity'));
  return Number.isNaN(value) ? null : value;
}
