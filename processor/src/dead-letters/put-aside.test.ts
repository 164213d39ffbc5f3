import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEAD_LETTER_HEADERS } from '@storepulse/contracts';
import fc from 'fast-check';
import { pino } from 'pino';
import { PartitionsUnavailable, RecordsTooLarge } from '../errors.ts';
import type { OutputRecord, Sender } from '../kafka/port.ts';
import { createTelemetry } from '../operate/telemetry.ts';
import { createPutAside, toDeadLetter } from './put-aside.ts';

const sizeOf = ({ key, value, headers = {} }: OutputRecord) =>
  (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers).length;

/** A topic `dead-letter` that takes records up to a size. */
function topicOf(most: number) {
  const taken: OutputRecord[] = [];
  const sender: Sender = {
    send: async (topic, records) => {
      const large = records.filter((record) => sizeOf(record) > most);
      taken.push(...records.filter((record) => sizeOf(record) <= most));
      if (large.length > 0) throw new RecordsTooLarge(topic, large);
    },
  };
  return { sender, taken };
}

const aLetter = (offset: number, bytes: number, keyBytes = 7) =>
  toDeadLetter(
    'transactions',
    1,
    {
      key: Buffer.alloc(keyBytes, 'k'),
      value: Buffer.alloc(bytes, 'x'),
      headers: { trace: Buffer.from('abc') },
      offset,
      timestamp: 5,
    },
    'not-json',
    'the value is no JSON object',
  );

async function counted(telemetry: ReturnType<typeof createTelemetry>) {
  const metric = telemetry.registry.getSingleMetric('storepulse_processor_dead_letters_cut_total')!;
  const { values } = (await metric.get()) as { values: { labels: { kept?: string }; value: number }[] };
  return Object.fromEntries(values.map(({ labels, value }) => [labels.kept, value]));
}

test('a letter that does not fit keeps its beginning, says how long it was, and holds nothing up', async () => {
  const { sender, taken } = topicOf(50_000);
  const telemetry = createTelemetry();
  const putAside = createPutAside({ sender, telemetry, logger: pino({ level: 'silent' }) });
  await putAside([aLetter(1, 100), aLetter(2, 60_000), aLetter(3, 100)]);
  const offsets = taken.map(({ headers }) => headers?.[DEAD_LETTER_HEADERS.offset]);
  assert.deepEqual(offsets, ['1', '3', '2']);
  const cut = taken.at(-1)!;
  assert.equal(cut.value?.length, 10_000);
  assert.equal(cut.headers?.[DEAD_LETTER_HEADERS.cutFrom], '60000');
  assert.equal(cut.headers?.[DEAD_LETTER_HEADERS.reason], 'not-json');
  assert.deepEqual(await counted(telemetry), { beginning: 1, nothing: 0 });
});

test('a topic that takes hardly anything loses letters by the count, and stops nothing', async () => {
  const { sender, taken } = topicOf(10);
  const telemetry = createTelemetry();
  const putAside = createPutAside({ sender, telemetry, logger: pino({ level: 'silent' }) });
  await putAside([aLetter(1, 100), aLetter(2, 100)]);
  assert.deepEqual(taken, []);
  assert.deepEqual(await counted(telemetry), { beginning: 0, nothing: 2 });
});

test('every letter is kept whole, kept in part, or counted as lost', async () => {
  const letters = fc.array(fc.tuple(fc.nat(30_000), fc.nat(3_000)), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(letters, fc.nat(40_000), async (sizes, most) => {
      const { sender, taken } = topicOf(most);
      const telemetry = createTelemetry();
      const all = sizes.map(([bytes, keyBytes], offset) => aLetter(offset, bytes, keyBytes));
      await createPutAside({ sender, telemetry, logger: pino({ level: 'silent' }) })(all);
      const { beginning = 0, nothing = 0 } = await counted(telemetry);
      const whole = all.filter((letter) => sizeOf(letter) <= most);
      assert.deepEqual(
        taken.filter((letter) => whole.includes(letter)),
        whole,
      );
      assert.equal(taken.length, whole.length + beginning);
      assert.equal(whole.length + beginning + nothing, all.length);
    }),
    { numRuns: 50 },
  );
});

test('another failure is not taken for a letter that does not fit', async () => {
  const sender: Sender = { send: () => Promise.reject(new Error('no broker')) };
  const putAside = createPutAside({
    sender,
    telemetry: createTelemetry(),
    logger: pino({ level: 'silent' }),
  });
  await assert.rejects(putAside([aLetter(1, 1)]), /no broker/);
});

/** A topic of three partitions, of which those that are away take nothing; letters lie by their offset's remainder. */
function topicWithout(away: readonly number[], most = 50_000) {
  const taken: { offset: string; partition: number }[] = [];
  const serving = [0, 1, 2].filter((partition) => !away.includes(partition));
  const sender: Sender = {
    send: async (topic, letters) => {
      const placed = letters.map((letter) => {
        const offset = String(letter.headers?.[DEAD_LETTER_HEADERS.offset]);
        return { ...letter, offset, partition: letter.partition ?? Number(offset) % 3 };
      });
      const records = placed.filter(({ partition }) => away.includes(partition));
      const tooLarge = placed.filter((letter) => !records.includes(letter) && sizeOf(letter) > most);
      for (const letter of placed) {
        if (records.includes(letter) || tooLarge.includes(letter)) continue;
        taken.push({ offset: letter.offset, partition: letter.partition });
      }
      if (records.length > 0) throw new PartitionsUnavailable(topic, { records, serving, tooLarge });
      if (tooLarge.length > 0) throw new RecordsTooLarge(topic, tooLarge);
    },
  };
  return { sender, taken };
}

test('letters of a partition without a leader go onto others, also when some do not fit', async () => {
  const { sender, taken } = topicWithout([1]);
  const telemetry = createTelemetry();
  const putAside = createPutAside({ sender, telemetry, logger: pino({ level: 'silent' }) });
  await putAside([aLetter(0, 60_000), aLetter(1, 100), aLetter(2, 100), aLetter(4, 60_000)]);
  assert.deepEqual(taken.map(({ offset }) => offset).sort(), ['0', '1', '2', '4']);
  assert.ok(taken.every(({ partition }) => partition !== 1));
  assert.deepEqual(await counted(telemetry), { beginning: 2, nothing: 0 });
});

test('while no partition has a leader, letters are not passed', async () => {
  const { sender, taken } = topicWithout([0, 1, 2]);
  const telemetry = createTelemetry();
  const putAside = createPutAside({ sender, telemetry, logger: pino({ level: 'silent' }) });
  await assert.rejects(putAside([aLetter(1, 100)]), PartitionsUnavailable);
  assert.deepEqual(taken, []);
});
