import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { RunningPartState, RunState } from './run-file.ts';
import { STACK } from './stack.ts';

/** How far the processor is behind the events. */
export interface Lag {
  /** Records that are in Kafka and not counted yet. */
  records: number;
  /** The age of the oldest of them, where the processor tells it. */
  seconds?: number;
}

/** One part as `npm run status` shows it. */
export interface PartHealth extends RunningPartState {
  /** True when it serves; for Kafka, MongoDB and given servers: when it runs as far as is known. */
  ready: boolean;
}

/** The whole stack as `npm run status` shows it. */
export interface StackHealth {
  parts: PartHealth[];
  /** Null while the processor can't say. */
  lag: Lag | null;
}

const TIMEOUT_MS = 1500;
const LagSchema = Type.Object({ records: Type.Number(), seconds: Type.Optional(Type.Number()) });

/** Asks all parts at once how they are. */
export async function checkHealth(state: Readonly<RunState>): Promise<StackHealth> {
  const answers = await Promise.all(state.parts.map(askReady));
  const processor = state.parts.findIndex(({ name }) => name === 'processor');
  return {
    parts: state.parts.map((part, index) => ({ ...part, ready: answers[index]!.ready })),
    lag: answers[processor]?.lag ?? null,
  };
}

async function askReady({ name, address, state }: RunningPartState): Promise<{ ready: boolean; lag?: Lag }> {
  if (!address.startsWith('http')) return { ready: state === 'up' || state === 'external' };
  try {
    const response = await fetch(`${address}/-/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    // Prometheus and Alertmanager answer with a text.
    if (!STACK.some((part) => part.name === name)) return { ready: response.ok };
    const { lag } = (await response.json()) as { lag?: unknown };
    return { ready: response.ok, ...(Value.Check(LagSchema, lag) ? { lag } : {}) };
  } catch {
    return { ready: false };
  }
}
