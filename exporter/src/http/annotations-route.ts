import { QueryTime, SHOP_PATTERN, type ZoneCalendar } from '@storepulse/contracts';
import { shopsFor } from '@storepulse/http';
import { Type } from 'typebox';
import { ExporterError } from '../errors.ts';
import { unknownShop } from '../query/answer.ts';
import { readRange } from '../query/read-time.ts';
import type { Annotation, MetricStore } from '../store/store.ts';
import { Problem } from './problems.ts';
import { asksForRevisions, REVISION_TAG, revisionAnnotation } from './revision-annotations.ts';
import type { App } from './type-provider.ts';

const DEFAULT_LIMIT = 100;
const DAY_MS = 86_400_000;
const Tag = Type.String({ minLength: 1, maxLength: 40 });

/** What people should see beside their charts. */
const AnnotationAnswer = Type.Object({
  id: Type.String(),
  start: Type.Integer({ description: 'epoch ms' }),
  end: Type.Union([Type.Integer(), Type.Null()], {
    description: 'epoch ms; `start` for what takes no time, null while it goes on',
  }),
  title: Type.String(),
  text: Type.String(),
  tags: Type.Array(Type.String()),
});

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
        querystring: Type.Object({
          shop: Type.String({ pattern: SHOP_PATTERN }),
          from: Type.Optional(QueryTime),
          to: Type.Optional(QueryTime),
          tags: Type.Optional(
            Type.Array(Tag, { maxItems: 10, description: 'those that have all of them; may be repeated' }),
          ),
          limit: Type.Optional(
            Type.Integer({
              ...{ minimum: 1, maximum: 1_000, default: DEFAULT_LIMIT },
              description: 'of more than that, those that began last',
            }),
          ),
        }),
        response: {
          200: Type.Object({
            annotations: Type.Array(AnnotationAnswer),
            truncated: Type.Boolean({ description: 'true when the limit left earlier ones out' }),
          }),
          default: Problem,
        },
      },
    },
    async (request) => {
      const { shop, from = now() - DAY_MS, to = now(), tags = [], limit = DEFAULT_LIMIT } = request.query;
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
