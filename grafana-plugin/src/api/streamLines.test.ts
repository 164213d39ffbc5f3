import type { FetchResponse } from '@grafana/runtime';
import { from, lastValueFrom, toArray } from 'rxjs';
import { streamLines } from './streamLines';

const chunk = (bytes: Uint8Array | undefined, ok = true) =>
  ({ data: bytes, ok, status: ok ? 200 : 400, statusText: '', config: { url: '' } }) as FetchResponse<
    Uint8Array | undefined
  >;
const linesOf = (chunks: Array<FetchResponse<Uint8Array | undefined>>) =>
  lastValueFrom(streamLines(from(chunks)).pipe(toArray()));

test('lines are read whole, wherever the pieces of the response are cut', async () => {
  const text = '{"type":"live","id":"Zürich"}\n\n{"type":"heartbeat","id":"2","time":5}\n{"type":"li';
  const bytes = new TextEncoder().encode(text);
  const whole = [
    { type: 'live', id: 'Zürich' },
    { type: 'heartbeat', id: '2', time: 5 },
  ];
  for (const size of [1, 7, 1_000]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      chunk(bytes.slice(n * size, (n + 1) * size)),
    );
    expect(await linesOf([chunk(undefined), ...pieces])).toEqual(whole);
  }
});

test('a refusal is an error with what the exporter said, as of other requests', async () => {
  const problem = { title: 'Can’t be followed', detail: 'returning_customers is over facts' };
  const bytes = new TextEncoder().encode(JSON.stringify(problem));
  await expect(
    linesOf([chunk(bytes.slice(0, 9), false), chunk(bytes.slice(9), false)]),
  ).rejects.toMatchObject({
    status: 400,
    data: problem,
  });
  await expect(linesOf([chunk(undefined, false)])).rejects.toMatchObject({ data: { message: '' } });
});
