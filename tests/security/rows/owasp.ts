import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';
import { authentication, consumption } from '../owasp/authentication.ts';
import { configuration, inventory } from '../owasp/configuration.ts';
import { forgery } from '../owasp/forgery.ts';
import { functions } from '../owasp/functions.ts';
import type { Item } from '../owasp/item.ts';
import { objects } from '../owasp/objects.ts';
import { properties } from '../owasp/properties.ts';
import { flows, resources } from '../owasp/resources.ts';
import { makeKeys } from '../support/keys.ts';
import { openParts } from '../support/parts.ts';

const ITEMS: readonly Item[] = [
  ...[objects, authentication, properties, resources, functions],
  ...[flows, forgery, configuration, inventory, consumption],
];
/** Trials that each item must have. */
const LEAST = 10;

/** The ten risks of interfaces, each tried in many ways. */
export const owasp: Row = {
  id: 'S2',
  what: 'the OWASP API Security Top 10 of 2023, item by item, at all parts',
  figure: 'open findings 0; at least 10 trials of each item',
  repeats: 100,
  small: 100,
  run: async ({ onRepeat }) => {
    const attempts = createAttempts({ onRepeat });
    const keys = await makeKeys();
    await using stack = new AsyncDisposableStack();
    stack.defer(keys.remove);
    const parts = stack.use(await openParts({ policy: keys.policy }));
    for (const item of ITEMS) {
      let trials = 0;
      for await (const { what, run } of item.trials({ ...parts, keys })) {
        trials++;
        await attempts.repeat(`${item.id} ${what}`, async () => {
          await run();
          return undefined;
        });
      }
      if (trials < LEAST) attempts.fail(`${item.id} has ${trials} trials`);
      attempts.figure(`${item.id} ${item.name}`, trials);
    }
    return attempts.outcome();
  },
};
