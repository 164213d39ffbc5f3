import { type Observable, Subject } from 'rxjs';
import type { LiveLine } from '../api/streamLines';
import { failure } from '../testing/services';
import { type Followed, followLines } from './followLines';

/** Streams that are asked for, with what each was asked behind. */
function streams() {
  const asked: Array<{ after: string | undefined; lines: Subject<LiveLine> }> = [];
  const open = (after: string | undefined): Observable<LiveLine> => {
    const lines = new Subject<LiveLine>();
    asked.push({ after, lines });
    return lines;
  };
  return { asked, open };
}
const heartbeat = (id: string): LiveLine => ({ type: 'heartbeat', id, time: 0 });
const end = (reason: 'shutdown' | 'history_lost', after: string | null): LiveLine => ({
  ...{ type: 'end', reason, after, detail: `for ${reason}` },
});

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a stream that is cut off goes on behind its last line, later and later, and says so', () => {
  const { asked, open } = streams();
  const told: Followed[] = [];
  followLines(open).subscribe((each) => told.push(each));
  asked[0]!.lines.next(heartbeat('1'));
  asked[0]!.lines.error(failure(502, ''));
  jest.advanceTimersByTime(999);
  expect(asked).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(asked[1]?.after).toBe('1');
  asked[1]!.lines.complete();
  jest.advanceTimersByTime(2_000);
  expect(asked[2]?.after).toBe('1');
  asked[2]!.lines.next(heartbeat('2'));
  asked[2]!.lines.next(end('shutdown', '2'));
  jest.advanceTimersByTime(1_000);
  expect(asked[3]?.after).toBe('2');
  expect(told.map((each) => (each.kind === 'cut' ? each.waitMs : each.line.type))).toEqual([
    ...['heartbeat', 1_000, 2_000, 'heartbeat', 1_000],
  ]);
  expect(told[1]).toMatchObject({ reason: expect.stringMatching(/^The exporter can’t be reached/) });
});

test('where the place is lost it begins anew', () => {
  const { asked, open } = streams();
  followLines(open).subscribe();
  asked[0]!.lines.next(heartbeat('1'));
  asked[0]!.lines.next(end('history_lost', '1'));
  jest.advanceTimersByTime(1_000);
  expect(asked[1]?.after).toBeUndefined();
});

test('what is refused altogether is an error, and too many streams pass', () => {
  const { asked, open } = streams();
  const errors: unknown[] = [];
  followLines(open).subscribe({ error: (error) => errors.push(error) });
  asked[0]!.lines.error(failure(429));
  jest.advanceTimersByTime(1_000);
  expect([asked.length, errors.length]).toEqual([2, 0]);
  asked[1]!.lines.error(failure(400, { title: 'Not followed' }));
  jest.advanceTimersByTime(60_000);
  expect([asked.length, errors.length]).toEqual([2, 1]);
});

test('who unsubscribes ends the stream, and the wait for one', () => {
  const { asked, open } = streams();
  const subscription = followLines(open).subscribe();
  expect(asked[0]?.lines.observed).toBe(true);
  subscription.unsubscribe();
  expect(asked[0]?.lines.observed).toBe(false);
  const another = followLines(open).subscribe();
  asked[1]!.lines.complete();
  another.unsubscribe();
  jest.advanceTimersByTime(60_000);
  expect(asked).toHaveLength(2);
});
