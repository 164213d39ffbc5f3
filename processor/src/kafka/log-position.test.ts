import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkPosition, type StoredPosition } from './log-position.ts';
import { UNMARKED } from './port.ts';

interface LogRecord {
  readonly id: number;
  readonly epoch: number;
}
/** A partition as a cluster holds it. */
interface Log {
  topicId: string;
  low: number;
  records: (LogRecord | undefined)[];
}
type Step =
  | { readonly kind: 'write'; readonly count: number }
  | { readonly kind: 'read'; readonly count: number }
  /** Another leader is elected, maybe one that lacks the last records. */
  | { readonly kind: 'elect'; readonly lacks: number }
  | { readonly kind: 'delete'; readonly count: number }
  | { readonly kind: 'make anew' }
  /** The reader looks where it stands, as at a claim. */
  | { readonly kind: 'look' };

const count = fc.integer({ min: 1, max: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), count }),
  fc.record({ kind: fc.constant('read' as const), count }),
  fc.record({ kind: fc.constant('elect' as const), lacks: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ kind: fc.constant('delete' as const), count }),
  fc.record({ kind: fc.constant('make anew' as const) }),
  fc.record({ kind: fc.constant('look' as const) }),
);

/** Where the records of an epoch end, as a leader tells from its log. */
function endOfEpoch({ records }: Log, epoch: number, leaderEpoch: number) {
  const later = records.findIndex((record) => record !== undefined && record.epoch > epoch);
  const end = later < 0 || epoch >= leaderEpoch ? records.length : later;
  const known = records.slice(0, end).flatMap((record) => (record ? [record.epoch] : []));
  return { epoch: Math.max(0, ...known.filter((each) => each <= epoch)), end };
}

test('whatever happens to a log, each record is read at most once, and those that never were are stated', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let log: Log = { topicId: 'topic-0', low: 0, records: [] };
      let leaderEpoch = 0;
      let written = 0;
      const read = new Set<number>();
      const seen = new Set<number>();
      let stated = 0;
      let position: StoredPosition = { offset: 0, mark: UNMARKED, end: 0 };
      const look = () => {
        const { topicId, low, records } = log;
        const { epoch } = position.mark;
        const isSame = position.mark.topicId === topicId;
        const end = isSame && epoch !== undefined ? endOfEpoch(log, epoch, leaderEpoch) : undefined;
        const checked = checkPosition(position, { partition: 0, low, high: records.length, topicId }, end);
        stated += checked.loss?.unread ?? 0;
        position = { offset: checked.offset, mark: checked.mark, end: records.length };
        for (const record of records.slice(low)) if (record) seen.add(record.id);
      };
      look();
      const act: Record<Step['kind'], (n: number) => void> = {
        write: (n) => {
          for (let left = n; left > 0; left--) log.records.push({ id: written++, epoch: leaderEpoch });
        },
        read: (n) => {
          // A fetch says what a look would find.
          look();
          for (const record of log.records.slice(position.offset, position.offset + n)) {
            assert.ok(!read.has(record!.id), `record ${record!.id} is read twice`);
            read.add(record!.id);
            const mark = { topicId: log.topicId, epoch: record!.epoch };
            position = { offset: position.offset + 1, mark, end: position.end };
          }
        },
        elect: (lacks) => {
          leaderEpoch++;
          log.records = log.records.slice(0, Math.max(log.low, log.records.length - lacks));
        },
        delete: (n) => {
          log.low = Math.min(log.records.length, log.low + n);
          log.records = log.records.map((record, offset) => (offset < log.low ? undefined : record));
        },
        'make anew': () => {
          log = { topicId: `${log.topicId}'`, low: 0, records: [] };
          leaderEpoch = 0;
        },
        look,
      };
      for (const each of steps) {
        act[each.kind]('count' in each ? each.count : 'lacks' in each ? each.lacks : 0);
        // As a task that polls does: a change of the log is noticed before the next one.
        look();
      }
      act.read(Number.POSITIVE_INFINITY);
      const left = new Set(log.records.flatMap((record) => (record ? [record.id] : [])));
      assert.deepEqual(
        [...left].filter((id) => !read.has(id)),
        [],
        'what the log holds is read',
      );
      const never = [...seen].filter((id) => !read.has(id));
      assert.equal(stated, never.length, 'what was seen and never read is stated');
    }),
    { numRuns: 2_000 },
  );
});
