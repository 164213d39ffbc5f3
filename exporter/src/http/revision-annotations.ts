import type { AnnotationSelection, RevisedHour } from '../store/store.ts';

/** Asked for as the one tag, annotations of late corrections are told too. */
export const REVISION_TAG = 'revision';

const HOUR_MS = 3_600_000;

/** Whether late corrections are asked for: there may be one for every hour, which would hide what people have told. */
export function asksForRevisions({ tags }: Pick<AnnotationSelection, 'tags'>): boolean {
  return tags.length > 0 && tags.every((tag) => tag === REVISION_TAG);
}

/** What is told of an hour whose windows late events have corrected after they were final. */
export function revisionAnnotation({ start, windows, groups, updatedAt }: RevisedHour) {
  return {
    ...{ id: `${REVISION_TAG}-${start}`, start, end: start + HOUR_MS, title: 'Corrected by late events' },
    text: `${windows} ${windows === 1 ? 'window' : 'windows'} of ${groups.join(', ')} changed after ${windows === 1 ? 'it was' : 'they were'} final, the last time at ${new Date(updatedAt).toISOString()}`,
    tags: [REVISION_TAG],
  };
}
