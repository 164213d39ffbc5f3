import { isSeq, parseDocument, visit } from 'yaml';
import { durationOf, millisecondsOf, type TimeScale } from './scale-rules.ts';

/** What a local Alertmanager is made to tell. */
export interface Told {
  /** Where notifications are posted to, e.g. `http://127.0.0.1:9099/alerts`. */
  receiver: string;
  /** Pattern of the templates' files. */
  templates: string;
  scale: TimeScale;
}

/** The receiver that tells nobody. */
const NOBODY = 'page-only';
const LOCAL = 'local-page';

/** What Alertmanager waits for. It takes no wait shorter than a second. */
const WAITS: ReadonlySet<string> = new Set(['group_wait', 'group_interval', 'repeat_interval']);
const LEAST_WAIT_MS = 1000;

/**
 * The committed configuration, where what would tell nobody tells the page of notifications, and waits are those of the time
 * scale. A receiver of your own that routes name stays.
 * @param committed `provisioning/alertmanager/alertmanager.yml`
 */
export function alertmanagerConfig(committed: string, { receiver, templates, scale }: Told): string {
  const document = parseDocument(committed);
  document.set('templates', [templates]);
  visit(document.get('route') as never, {
    Pair(_, { key, value }) {
      const name = String(key);
      const scalar = value as { value: unknown };
      if (name === 'receiver' && scalar.value === NOBODY) scalar.value = LOCAL;
      if (WAITS.has(name)) {
        scalar.value = durationOf(
          Math.max(LEAST_WAIT_MS, Math.round(millisecondsOf(String(scalar.value)) / scale)),
        );
      }
    },
  });
  const receivers = document.get('receivers');
  if (isSeq(receivers)) {
    receivers.add(
      document.createNode({
        name: LOCAL,
        webhook_configs: [{ url: receiver, send_resolved: true, max_alerts: 0 }],
      }),
    );
  }
  return document.toString({ lineWidth: 0 });
}
