import { askJson } from '../ask-json.ts';

/** One series of an answer and its value now. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** An alert whose condition is met. */
export interface ActiveAlert {
  name: string;
  /** `pending`: not for long enough yet. */
  state: 'pending' | 'firing';
  shop: string | undefined;
  severity: string;
  /** Of the rule; paths, as they stand there. */
  summary: string;
  runbook: string;
  dashboard: string;
}

/** What a game day asks Prometheus for. */
export interface PrometheusClient {
  query(expression: string): Promise<Sample[]>;
  /** Alerts that fire or are about to, those that others hold back included. */
  alerts(): Promise<ActiveAlert[]>;
  /** The expressions of all rules, as they are evaluated. */
  expressions(): Promise<{ name: string; expression: string }[]>;
}

interface PrometheusAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
}

/** @param url e.g. `http://127.0.0.1:9090` */
export function createPrometheusClient(url: string): PrometheusClient {
  const ask = async <T>(path: string) =>
    (await askJson<{ data: T }>('Prometheus', `${url}/api/v1/${path}`)).data;
  return {
    async query(expression) {
      const { result } = await ask<{
        result: { metric: Record<string, string>; value: [number, string] }[];
      }>(`query?${new URLSearchParams({ query: expression })}`);
      return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    async alerts() {
      const { alerts } = await ask<{ alerts: PrometheusAlert[] }>('alerts');
      return alerts.map(activeAlert);
    },
    async expressions() {
      const { groups } = await ask<{ groups: { rules: { name: string; query: string }[] }[] }>('rules');
      return groups.flatMap(({ rules }) => rules.map(({ name, query }) => ({ name, expression: query })));
    },
  };
}

function activeAlert({ labels, annotations, state }: PrometheusAlert): ActiveAlert {
  return {
    name: labels.alertname ?? 'unnamed',
    state,
    shop: labels.shop,
    severity: labels.severity ?? '',
    summary: annotations.summary ?? '',
    runbook: annotations.runbook_url ?? '',
    dashboard: annotations.dashboard_url ?? '',
  };
}

/** Alerts that Alertmanager tells of: those that others hold back are left out. @param url e.g. `http://127.0.0.1:9093` */
export async function askAlertmanager(url: string): Promise<string[]> {
  const alerts = await askJson<{ labels: Record<string, string>; status: { state: string } }[]>(
    'Alertmanager',
    `${url}/api/v2/alerts?active=true&inhibited=false&silenced=false`,
  );
  return alerts.filter(({ status }) => status.state === 'active').map(({ labels }) => labels.alertname ?? '');
}
