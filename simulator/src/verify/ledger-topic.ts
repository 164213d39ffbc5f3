import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { TimedCommand } from '../run/commands.ts';
import { RunSpec } from '../run/run-spec.ts';
import type { TopicSource } from './read-topic.ts';

const entry = { run: Type.String(), seq: Type.Integer({ minimum: 1 }) };

/** The beginning of a run. */
const RunEntry = Type.Object({ ...entry, kind: Type.Literal('run'), ...RunSpec.properties });
/** Something that was done to it. */
const CommandEntry = Type.Object({ ...entry, kind: Type.Literal('command'), ...TimedCommand.properties });
/** What is counted of a window; its books are read when they are needed. */
const WindowEntry = Type.Object({
  ...entry,
  kind: Type.Literal('window'),
  shop: Type.String(),
  start: Type.Integer(),
  length: Type.Integer({ minimum: 1 }),
});
/** The end of a run: what became of a shop's records. */
const FatesEntry = Type.Object({
  ...entry,
  kind: Type.Literal('fates'),
  shop: Type.String(),
  fates: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer())),
});
const LedgerEntry = Type.Union([RunEntry, CommandEntry, WindowEntry, FatesEntry]);
const check = Compile(LedgerEntry);

/** A window of the ledger, its text kept until it is needed. */
export interface WrittenWindow {
  readonly seq: number;
  readonly shop: string;
  readonly start: number;
  readonly length: number;
  readonly text: Buffer;
}

/** What the topic `sim-ledger` tells of one run. */
export interface WrittenRun {
  readonly run: string;
  /** Undefined: its first record is missing. */
  spec: RunSpec | undefined;
  /** How often it was begun: more than once, its events are in Kafka more than once. */
  begun: number;
  readonly windows: WrittenWindow[];
  /** By shop; only a run that was ended in order has written them. */
  readonly fates: Map<string, Static<typeof FatesEntry>['fates']>;
  /** Numbers of its records. */
  readonly seqs: Set<number>;
}

/** Reads the topic `sim-ledger` to its end: the runs by name. Records that are none of a ledger are passed over. */
export async function readLedger(source: TopicSource): Promise<ReadonlyMap<string, WrittenRun>> {
  const runs = new Map<string, WrittenRun>();
  await source.read('sim-ledger', ({ value }) => {
    const body = parse(value);
    if (!check.Check(body)) return;
    const run = runs.get(body.run) ?? newRun(body.run);
    runs.set(body.run, run);
    run.seqs.add(body.seq);
    switch (body.kind) {
      case 'run': {
        const { seed, shops, origin, profile } = body;
        run.begun += 1;
        run.spec = { seed, shops, origin, profile, timeline: run.spec?.timeline ?? [] };
        break;
      }
      case 'window':
        run.windows.push({
          seq: body.seq,
          shop: body.shop,
          start: body.start,
          length: body.length,
          text: value!,
        });
        break;
      case 'fates':
        run.fates.set(body.shop, body.fates);
    }
  });
  return runs;
}

const newRun = (run: string): WrittenRun => ({
  run,
  spec: undefined,
  begun: 0,
  windows: [],
  fates: new Map(),
  seqs: new Set(),
});

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
