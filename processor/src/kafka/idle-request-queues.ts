import { createRequire } from 'node:module';

/** What of kafkajs' queue of a connection's requests is dealt with here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const load = createRequire(import.meta.url);

/**
 * Lets the connections of kafkajs (2.2.4) rest. Each of them looks a thousand times a second, for ever, whether requests
 * wait that a broker's throttling has held back, also when none does. A queue without such requests now looks again when
 * the next one is held back. Calling it again changes nothing.
 */
export function restIdleQueues(): void {
  const { prototype } = load('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue & { rests?: true };
  };
  if (prototype.rests) return;
  prototype.rests = true;
  const { scheduleCheckPendingRequests } = prototype;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
}
