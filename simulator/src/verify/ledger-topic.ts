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
  readonly shop: string;
  readonly start: number;
  readonly length: number;
  readonly text: Buffer;
}

/** What the topic `sim-ledger` tells of one run. */
export interface WrittenRun {
  readonly run: string;
  /** Without what was done to it. Undefined: its first record is missing. */
  spec: Omit<RunSpec, 'timeline'> | undefined;
  readonly commands: ({ seq: number } & TimedCommand)[];
  /** How often it was begun: more than once, its events are in Kafka more than once. */
  begun: number;
  readonly windows: WrittenWindow[];
  /** By shop; only a run that was ended in order has written them. */
  readonly fates: Map<string, Static<typeof FatesEntry>['fates']>;
  /** Numbers of its records. */
  readonly seqs: Set<number>;
}

/** The runs on the topic `sim-ledger` by name. */
export type LedgerTopic = Map<string, WrittenRun>;

/** Reads the topic `sim-ledger` to its end. */
export async function readLedger(source: TopicSource): Promise<LedgerTopic> {
  const runs: LedgerTopic = new Map();
  await source.read('sim-ledger', ({ value }) => {
    if (value) noteEntry(runs, value);
  });
  return runs;
}

/** Adds a record of the topic to what is known of its run; one that is none of a ledger is passed over. */
export function noteEntry(runs: LedgerTopic, value: Buffer): void {
  const body = parse(value);
  if (!check.Check(body)) return;
  const run = runs.get(body.run) ?? newRun(body.run);
  runs.set(body.run, run);
  run.seqs.add(body.seq);
  switch (body.kind) {
    case 'run': {
      const { seed, shops, origin, profile } = body;
      run.begun += 1;
      run.spec = { seed, shops, origin, profile };
      break;
    }
    case 'command':
      run.commands.push({ seq: body.seq, at: body.at, command: body.command });
      break;
    case 'window':
      run.windows.push({ shop: body.shop, start: body.start, length: body.length, text: value });
      break;
    case 'fates':
      run.fates.set(body.shop, body.fates);
  }
}

const newRun = (run: string): WrittenRun => ({
  run,
  spec: undefined,
  commands: [],
  begun: 0,
  windows: [],
  fates: new Map(),
  seqs: new Set(),
});

function parse(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString());
  } catch {
    return undefined;
  }
}
