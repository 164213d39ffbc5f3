import {
  AnnotationsQuery,
  AnnotationsResponse,
  DEFAULT_ANNOTATIONS,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import { ExporterError } from '../errors.ts';
import { unknownShop } from '../query/answer.ts';
import { readRange } from '../query/read-time.ts';
import type { Annotation, MetricStore } from '../store/store.ts';
import { Problem } from './problems.ts';
import { asksForRevisions, REVISION_TAG, revisionAnnotation } from './revision-annotations.ts';
import type { App } from './type-provider.ts';

const DAY_MS = 86_400_000;

/** `GET /api/v1/annotations`: releases, outages, scenarios and the like of a shop, and late corrections of its figures. */
export function annotationsRoute(
  app: App,
  {
    store,
    calendarOf,
    now,
  }: { store: MetricStore; calendarOf: (timeZone: string) => ZoneCalendar; now: () => number },
): void {
  app.get(
    '/api/v1/annotations',
    {
      config: { access: 'read' },
      schema: {
        summary: 'List what happened in a shop, such as releases and outages',
        description:
          'Those that touch the range, in the order of time. A shop tells them with `annotation_posted` events. ' +
          `Asked for the tag \`${REVISION_TAG}\` alone, also the hours whose windows late events have corrected after they were final.`,
        tags: ['query'],
        querystring: AnnotationsQuery,
        response: { 200: AnnotationsResponse, default: Problem },
      },
    },
    async (request) => {
      const {
        shop,
        from = now() - DAY_MS,
        to = now(),
        tags = [],
        limit = DEFAULT_ANNOTATIONS,
      } = request.query;
      const shops = shopsFor(request.caller, await store.shops());
      const known = shops.find((each) => each.shop === shop);
      if (!known) throw unknownShop(shop, shops);
      const calendar = calendarOf(known.timeZone);
      const range = readRange({ from, to }, now(), { calendar, weekStart: known.weekStart });
      if (range.from > range.to)
        throw new ExporterError('invalid_range', '"from" is after "to": exchange them');
      const [told, revised] = await Promise.all([
        store.annotations({ shop, ...range, tags }, limit + 1),
        asksForRevisions({ tags }) ? store.revisions({ shop, ...range }, limit + 1) : [],
      ]);
      const found = [...told.map(toAnswer), ...revised.map(revisionAnnotation)];
      const inOrder = found.sort((a, b) => a.start - b.start);
      return { annotations: inOrder.slice(-limit), truncated: found.length > limit };
    },
  );
}

/** Its id within the shop. */
const toAnswer = ({ _id, shop, start, end, title, text, tags }: Annotation) => ({
  ...{ id: _id.slice(shop.length + 1), start, end: end ?? null, title, text, tags: [...tags] },
});
