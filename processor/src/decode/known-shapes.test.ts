/**
 * Events that are read by their shape, held against `JSON.parse` and their whole schema: the same objects, or nothing.
 * `STOREPULSE_DECODER_ROUNDS=2000 npm test -- known-shapes` tries more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry } from '@storepulse/contracts';
import { Compile } from 'typebox/compile';
import { createExamples, mutate, type Pick, seededPick } from '../testing/event-texts.ts';
import { createKnownShapes, type KnownShapes } from './known-shapes.ts';

const ROUNDS = Number(process.env.STOREPULSE_DECODER_ROUNDS ?? 8);
const MUTATIONS = 60;

const checks = new Map([...eventRegistry].map(([type, { schema }]) => [type, Compile(schema)]));
const exampleOf = createExamples();

/** What the bytes say, by the definition of JSON; undefined: no event that fits its schema. */
function byDefinition(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const body: Record<string, unknown> | null = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    );
    return body && checks.get(String(body.type))?.Check(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Reads bytes as the decoder does, amid others as in a fetched batch. @returns whether their shape was known */
function readAndLearn(shapes: KnownShapes, text: Buffer, seed: number): boolean {
  const around = Buffer.concat([Buffer.from('"}1'), text, Buffer.from('"}]1,')]);
  const bytes = around.subarray(3, 3 + text.length);
  const expected = byDefinition(bytes);
  const read = shapes.read(bytes);
  if (read) {
    const told = `seed ${seed}: ${bytes}`;
    assert.deepStrictEqual(read.event, expected, told);
    assert.equal(JSON.stringify(read.event), JSON.stringify(expected), told);
    assert.equal(read.spec, eventRegistry.get(String(expected?.type)), told);
    return true;
  }
  if (expected) shapes.learn(expected, eventRegistry.get(String(expected.type))!);
  return false;
}

test('an event of a known shape is read as JSON.parse reads it, whatever is changed in its bytes', () => {
  let read = 0;
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const pick: Pick = seededPick(seed);
    const shapes = createKnownShapes(eventRegistry);
    for (const type of eventRegistry.keys()) {
      for (let n = 0; n < MUTATIONS; n++) {
        const text = Buffer.from(JSON.stringify(exampleOf(type, pick)));
        for (const bytes of [text, mutate(text, pick)]) if (readAndLearn(shapes, bytes, seed)) read++;
      }
    }
  }
  const tried = 2 * ROUNDS * eventRegistry.size * MUTATIONS;
  assert.ok(
    read > tried / 5,
    `only ${read} of ${tried} were read by their shape: the test has tested little`,
  );
});

test('of every event type a shape is learned, and the next event of it is read by it', () => {
  for (const [type, spec] of eventRegistry) {
    const shapes = createKnownShapes(eventRegistry);
    const pick = seededPick(7);
    // Numbers below zero and fractions are left to JSON.parse.
    const events = Array.from({ length: 100 }, () => exampleOf(type, pick));
    const event = events.find((each) => !/:-|:\d+\.\d/.test(JSON.stringify(each)))!;
    const bytes = Buffer.from(JSON.stringify(event));
    assert.equal(shapes.read(bytes), undefined, type);
    shapes.learn(event, spec);
    assert.deepEqual(shapes.read(bytes)?.event, event, type);
  }
});

test('an event whose fields stand in another order, with spaces or with an escape is left to JSON.parse', () => {
  const shapes = createKnownShapes(eventRegistry);
  const event = exampleOf('session_started', seededPick(1));
  shapes.learn(event, eventRegistry.get('session_started')!);
  const { eventId, ...rest } = event;
  const text = JSON.stringify(event);
  for (const other of [
    JSON.stringify({ ...rest, eventId }),
    JSON.stringify({ eventId, ...rest }),
    JSON.stringify(event, null, 1),
    text.replace('session_started', 'session\\u005fstarted'),
    text.replace(`"${eventId}"`, '"\\u0061bcdefghi"'),
    `${text} `,
    `\ufeff${text}`,
  ])
    assert.equal(shapes.read(Buffer.from(other)), undefined, other);
});

test('no text that was read keeps the bytes of its event, nor those of another one', () => {
  const shapes = createKnownShapes(eventRegistry);
  const event = exampleOf('session_started', seededPick(1));
  shapes.learn(event, eventRegistry.get('session_started')!);
  const bytes = Buffer.from(JSON.stringify(event));
  const first = shapes.read(bytes)!.event;
  bytes.fill(0x41);
  assert.deepEqual(first, event);
});

test('what a sender varies is learned up to a bound, and read by JSON.parse beyond', () => {
  const shapes = createKnownShapes(eventRegistry);
  const event = exampleOf('session_started', seededPick(1));
  const known = Array.from({ length: 100 }, (_, n) => {
    const varied = { ...event, [`extra${n}`]: n };
    shapes.learn(varied, eventRegistry.get('session_started')!);
    return shapes.read(Buffer.from(JSON.stringify(varied))) !== undefined;
  });
  assert.ok(known[0]);
  assert.ok(!known[99]);
});
