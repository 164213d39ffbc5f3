import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aggregators,
  catalog,
  countedRows,
  dimensionValue,
  type EventType,
  type MeasureState,
  mergeSessions,
  type SessionState,
  type StoredMetric,
  type StoreEvent,
  sessionOf,
  TOTAL_DIMENSION,
  type VisitEvent,
} from '@storepulse/contracts';
import { randomEvents } from '@storepulse/contracts/testing/random-events';
import fc from 'fast-check';
import { isEmpty, type WindowDelta } from './delta.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);
const metrics = [...catalog.groups.values()].flat();
const types = [...plan.addEvent.keys()] as EventType[];

/** What the definitions add of these events, by metric, dimension and value. */
function defined(subjects: readonly unknown[], counts: (metric: StoredMetric, subject: never) => boolean) {
  const cells = new Map<string, MeasureState>();
  for (const metric of metrics) {
    const aggregator = aggregators[metric.measure];
    for (const subject of subjects.filter((each) => counts(metric, each as never))) {
      const { eventTime: time, eventId: id } = subject as StoreEvent;
      for (const { value, tells } of countedRows(metric, subject)) {
        const added =
          metric.measure === 'last' ? { time, id, value: value as number } : (value as number | string);
        for (const name of [TOTAL_DIMENSION, ...metric.dimensions]) {
          const spec = catalog.dimensions.get(name);
          const key = `${metric.name} ${name}/${spec ? dimensionValue(spec, tells(name)) : 'all'}`;
          cells.set(key, aggregator.add(cells.get(key) ?? aggregator.zero(), added));
        }
      }
    }
  }
  return encoded(cells, (key) => key.split(' ')[0]!);
}

/** What the compiled code has added to a window, in the same form. */
function counted(window: WindowDelta) {
  const cells = new Map<string, MeasureState>();
  plan.groups.forEach((group, index) => {
    window[index]?.forEach((values, dimension) => {
      for (const [value, cell] of values)
        for (const { name, slot } of group.metrics)
          if (!isEmpty(cell[slot]!))
            cells.set(`${name} ${group.dimensions[dimension]!.name}/${value}`, cell[slot]!);
    });
  });
  return encoded(cells, (key) => key.split(' ')[0]!);
}

const encoded = (cells: ReadonlyMap<string, MeasureState>, metricOf: (key: string) => string) =>
  Object.fromEntries(
    [...cells]
      .map(([key, state]) => [key, aggregators[measures.get(metricOf(key))!].value(state)] as const)
      // What was added and taken back is as if it had never been there.
      .filter(([, value]) => value !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
const measures = new Map(metrics.map(({ name, measure }) => [name, measure]));

test('compiled code adds to every cell what the definitions say, whatever the events', () => {
  fc.assert(
    fc.property(fc.array(randomEvents(types), { minLength: 20, maxLength: 60 }), (events) => {
      const window: WindowDelta = [];
      for (const event of events) plan.addEvent.get(event.type as string)!(window, event as StoreEvent);
      const isOf = ({ source }: StoredMetric, { type }: StoreEvent) =>
        source.from !== 'session' && source.from.includes(type);
      assert.deepEqual(counted(window), defined(events, isOf));
    }),
    { numRuns: 30 },
  );
});

test('a visit adds to every cell what the definitions say, and taken back it leaves nothing', () => {
  const isVisit = ({ source }: StoredMetric) => source.from === 'session';
  const visitTypes = types.filter((type) => type !== 'product_upserted' && type !== 'system_log');
  const visit = fc
    .tuple(fc.array(randomEvents(visitTypes), { minLength: 1, maxLength: 8 }), fc.boolean())
    .map(
      ([events, settled]): SessionState => ({
        ...events.map((event) => sessionOf(event as VisitEvent)).reduce(mergeSessions),
        settled,
      }),
    );
  fc.assert(
    fc.property(fc.array(visit, { minLength: 2, maxLength: 20 }), (visits) => {
      const [moved, ...others] = visits;
      const window: WindowDelta = [];
      for (const each of visits) plan.addSession(window, each, 1);
      plan.addSession(window, moved!, -1);
      const distributions = metrics.filter(({ measure }) => measure === 'distribution');
      const apart = (cells: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(cells).filter(
            ([key]) => !distributions.some(({ name }) => key.startsWith(`${name} `)),
          ),
        );
      assert.deepEqual(apart(counted(window)), apart(defined(others, isVisit)));
    }),
    { numRuns: 50 },
  );
});
