import { PORTS } from '@storepulse/contracts';
import { dashboard } from './dashboard.ts';
import { worseFrom } from './looks.ts';
import { course, state } from './prometheus-panels.ts';

const stat = { width: 4, height: 5 };
const half = { width: 12, height: 8 };
const quantile = (share: number, histogram: string) =>
  `histogram_quantile(${share}, sum by (le) (rate(${histogram}_bucket[5m])))`;

/** Whether events become figures in time: the parts' own figures, from Prometheus. */
export const pipelineHealth = () =>
  dashboard({
    uid: 'pipeline-health',
    title: 'Pipeline health',
    description:
      'Whether events become figures in time: lag, freshness, fates, commits, and the parts themselves',
    refresh: '10s',
    from: 'now-30m',
    variables: [],
    links: [
      {
        title: 'Traffic',
        tooltip: 'Steers the simulator: rate, scenarios, faults. Where it runs on this machine',
        url: `http://127.0.0.1:${PORTS.simulator}`,
      },
    ],
    rows: [
      [
        state('time() - max(storepulse_last_event_timestamp_seconds)', {
          title: 'Newest event',
          description:
            'How long ago the newest event of all shops happened that is counted. A quiet shop has old ones: look at the lag too.',
          unit: 's',
          steps: worseFrom(300, 3_600),
          ...stat,
        }),
        state('sum(storepulse_processor_lag_records)', {
          title: 'Not read yet',
          description:
            'Records in Kafka that no processor has read. It may rise for a while; orange from 10,000, red from 100,000.',
          steps: worseFrom(10_000, 100_000),
          ...stat,
        }),
        state('sum(storepulse_processor_merge_lag_notices)', {
          title: 'Not merged yet',
          description:
            'Notices of changed windows that are not merged yet: what is counted and not shown. Orange from 10,000, red from 100,000.',
          steps: worseFrom(10_000, 100_000),
          ...stat,
        }),
        state('sum(increase(storepulse_processor_records_total{fate=~"dead-letter.*"}[1h]))', {
          title: 'Dead letters',
          description:
            'Records of the last hour that could not be counted: npm run dead-letters says which, and why. Orange from the first.',
          steps: worseFrom(1, 100),
          ...stat,
        }),
        state('min(storepulse_store_up)', {
          title: 'Store',
          description: 'Whether the exporter could read MongoDB when Prometheus asked last.',
          steps: [
            { value: null, color: 'red' },
            { value: 1, color: 'green' },
          ],
          mappings: [
            { type: 'value', options: { 0: { text: 'down', index: 0 }, 1: { text: 'up', index: 1 } } },
          ],
          ...stat,
        }),
        state('count(ALERTS{alertstate="firing"}) or vector(0)', {
          title: 'Alerts that fire',
          description: 'Of all shops and parts. Prometheus lists them under /alerts.',
          steps: worseFrom(1, 3),
          ...stat,
        }),
      ],
      [
        course(
          [
            {
              expr: 'sum(rate(storepulse_processor_records_total{fate="processed"}[1m]))',
              legend: 'processed',
            },
            {
              expr: 'sum(rate(storepulse_processor_records_total{fate="duplicate"}[1m]))',
              legend: 'duplicate',
            },
            {
              expr: 'sum(rate(storepulse_processor_records_total{fate=~"dead-letter.*"}[1m]))',
              legend: 'dead letter',
            },
          ],
          {
            title: 'Fates of records',
            description: 'Records committed per second, by what became of them. Each has one fate.',
            colors: ['green', 'blue', 'red'],
            ...half,
          },
        ),
        course(
          [
            { expr: 'sum(storepulse_processor_lag_records)', legend: 'not read yet' },
            { expr: 'sum(storepulse_processor_merge_lag_notices)', legend: 'not merged yet' },
          ],
          {
            title: 'Lag',
            description:
              'Records that are not read yet, and changed windows that are not merged yet. Both come back to 0; a line that only rises is a processor that does not keep up.',
            colors: ['orange', 'purple'],
            ...half,
          },
        ),
      ],
      [
        course(
          [
            { expr: quantile(0.5, 'storepulse_processor_latency_seconds'), legend: 'p50' },
            { expr: quantile(0.99, 'storepulse_processor_latency_seconds'), legend: 'p99' },
          ],
          {
            title: 'From record to commit',
            description:
              'How long records wait until they are counted, over the last five minutes. Quiet traffic is committed once a second.',
            unit: 's',
            colors: ['green', 'orange'],
            ...half,
          },
        ),
        course(
          [
            { expr: 'sum(rate(storepulse_processor_commit_seconds_count[1m]))', legend: 'commits' },
            { expr: 'sum(rate(storepulse_processor_windows_merged_total[1m]))', legend: 'windows merged' },
          ],
          {
            title: 'Commits and merges',
            description:
              'Transactions of the processors per second, and windows that were merged and published.',
            colors: ['blue', 'purple'],
            ...half,
          },
        ),
      ],
      [
        course(
          [
            { expr: 'sum(storepulse_simulator_requested_rate)', legend: 'requested' },
            { expr: 'sum(storepulse_simulator_achieved_rate)', legend: 'achieved' },
          ],
          {
            title: 'Traffic requested and achieved',
            description:
              'Of the simulator, per second. Events are achieved; what is requested are visits while it counts visits, each of which makes about five events.',
            colors: ['blue', 'green'],
            ...half,
          },
        ),
        course(
          [{ expr: quantile(0.95, 'storepulse_exporter_http_request_duration_seconds'), legend: 'p95' }],
          {
            title: 'Answers of the exporter',
            description:
              'How long its requests take, from the first byte to the last of the answer; 95 % are quicker.',
            unit: 's',
            colors: ['green'],
            ...half,
          },
        ),
      ],
      [
        course(
          [
            {
              expr: 'sum by (job) (rate(process_cpu_seconds_total{job=~"storepulse.*"}[1m]))',
              legend: '{{job}}',
            },
          ],
          {
            title: 'CPU',
            description: 'CPU seconds per second of each part: 1 is one core.',
            ...half,
          },
        ),
        course(
          [{ expr: 'sum by (job) (process_resident_memory_bytes{job=~"storepulse.*"})', legend: '{{job}}' }],
          {
            title: 'Memory',
            description: 'Resident memory of each part.',
            unit: 'bytes',
            ...half,
          },
        ),
      ],
    ],
  });
