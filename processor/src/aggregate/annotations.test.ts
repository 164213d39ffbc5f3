import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventOf } from '@storepulse/contracts';
import { type AnnotationChange, createAnnotations } from './annotations.ts';

const posted = (
  phase: EventOf<'annotation_posted'>['phase'],
  fields: Partial<EventOf<'annotation_posted'>> = {},
): EventOf<'annotation_posted'> => ({
  ...{ type: 'annotation_posted', eventId: `e-${phase}`, eventTime: 1_000, shop: 'uk', phase },
  ...{ annotationId: 'outage', title: 'Payment outage', text: 'most fail', tags: ['scenario'], ...fields },
});
/** What a store has after commits of these, one at a time. */
function stored(...commits: EventOf<'annotation_posted'>[][]): Map<string, AnnotationChange> {
  const annotations = createAnnotations();
  const store = new Map<string, AnnotationChange>();
  for (const events of commits) {
    for (const event of events) annotations.note(event);
    for (const [id, change] of annotations.take()) store.set(id, { ...store.get(id), ...change });
  }
  return store;
}

test('begin and end make one annotation, in whatever order and however often they come', () => {
  const begin = posted('start');
  const end = posted('end', { eventTime: 5_000, text: 'over' });
  const whole = [
    [
      'uk|outage',
      {
        ...{ shop: 'uk', title: 'Payment outage', text: 'most fail', tags: ['scenario'] },
        ...{ start: 1_000, end: 5_000 },
      },
    ],
  ];
  for (const commits of [[[begin, end]], [[begin], [end]], [[end], [begin]], [[end, begin, end], [begin]]])
    assert.deepEqual([...stored(...commits)], whole);
});

test('what takes no time ends when it begins, and ids are the shop’s own', () => {
  const all = stored([posted('moment'), posted('start', { shop: 'jp', eventTime: 2_000 })]);
  assert.deepEqual(
    [...all].map(([id, { start, end }]) => [id, start, end]),
    [
      ['uk|outage', 1_000, 1_000],
      ['jp|outage', 2_000, undefined],
    ],
  );
});
