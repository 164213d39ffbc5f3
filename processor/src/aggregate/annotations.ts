import type { AnnotationDocument, EventOf } from '@storepulse/contracts';

/** What a posting tells of an annotation. */
export type AnnotationChange = Omit<AnnotationDocument, '_id'>;

/** Annotations that were told, by id. */
export interface Annotations {
  /** Notes a posting. The same one again changes nothing. */
  note(posted: EventOf<'annotation_posted'>): void;
  /** What was noted since the last call. */
  take(): ReadonlyMap<string, AnnotationChange>;
}

/** Builds an empty collection of them. */
export function createAnnotations(): Annotations {
  let changes = new Map<string, AnnotationChange>();
  return {
    note: (posted) => {
      const id = `${posted.shop}|${posted.annotationId}`;
      changes.set(id, { ...changes.get(id), ...changeOf(posted) });
    },
    take: () => {
      const taken = changes;
      changes = new Map();
      return taken;
    },
  };
}

/** Begin and end tell different fields, so that it does not matter which of them is written first. */
function changeOf({
  shop,
  eventTime,
  phase,
  title,
  text,
  tags,
}: EventOf<'annotation_posted'>): AnnotationChange {
  if (phase === 'end') return { shop, end: eventTime };
  return { shop, title, text, tags, start: eventTime, ...(phase === 'moment' ? { end: eventTime } : {}) };
}
