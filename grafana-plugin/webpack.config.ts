import { join } from 'node:path';
import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import scaffolded, { type Env } from './.config/webpack/webpack.config.ts';
import { includeDashboard } from './includeDashboard.ts';

const DASHBOARDS = join(import.meta.dirname, '../provisioning/grafana/dashboards');

/** The scaffold's configuration, and the provisioned dashboards, which Grafana then offers on the data source's page. */
export default async function config(env: Env): Promise<Configuration> {
  const base = await scaffolded(env);
  const dashboards = new CopyWebpackPlugin({
    patterns: [
      {
        from: '*.json',
        context: DASHBOARDS,
        // It asks Prometheus, not this data source.
        globOptions: { ignore: ['**/pipeline-health.json'] },
        to: 'dashboards/[name][ext]',
        transform: (content) => includeDashboard(content.toString()),
      },
    ],
  });
  return { ...base, plugins: [...(base.plugins ?? []), dashboards] };
}
