import {
  type Environment,
  PORTS,
  readSettingsGroups,
  serverSettingsSchema,
  setting,
} from '@storepulse/contracts/settings';
import { Type } from 'typebox';

const ExporterSettingsSchema = Type.Object({
  url: setting(
    'EXPORTER_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.exporter}`,
      pattern: '^https?://[^/\\s]+(/[^\\s]*)?$',
      description: 'address of the exporter, e.g. http://127.0.0.1:9464',
    }),
  ),
  apiKey: setting(
    'EXPORTER_API_KEY',
    Type.String({
      default: '',
      description: 'key of the exporter with the scope read, or that of a proxy in front of it',
    }),
    {
      secret: true,
    },
  ),
});

/** Who may ask the preview. */
export const HostSettingsSchema = Type.Object({
  also: setting(
    'PREVIEW_ALSO_HOSTS',
    Type.String({
      default: '',
      pattern: '^[A-Za-z0-9._:,-]*$',
      description:
        'names, comma-separated, under which the preview is reached while it listens on a loopback address',
    }),
  ),
});

const SimulatorSettingsSchema = Type.Object({
  url: setting(
    'SIMULATOR_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.simulator}`,
      pattern: '^https?://[^/\\s]+(/[^\\s]*)?$',
      description: 'address of the simulator, as a browser reaches it',
    }),
  ),
});

const PrometheusSettingsSchema = Type.Object({
  url: setting(
    'PROMETHEUS_URL',
    Type.String({
      default: '',
      pattern: '^(https?://[^/\\s]+(/[^\\s]*)?)?$',
      description: 'address of Prometheus; empty: no dashboard that asks it',
    }),
  ),
});

/**
 * Reads the preview's settings.
 * @throws {SettingsError} listing every variable that does not fit
 */
export function readPreviewSettings(environment: Environment) {
  return readSettingsGroups(
    {
      server: serverSettingsSchema('preview'),
      hosts: HostSettingsSchema,
      exporter: ExporterSettingsSchema,
      simulator: SimulatorSettingsSchema,
      prometheus: PrometheusSettingsSchema,
    },
    environment,
  );
}

/** What the preview is told from outside. */
export type PreviewSettings = ReturnType<typeof readPreviewSettings>;
