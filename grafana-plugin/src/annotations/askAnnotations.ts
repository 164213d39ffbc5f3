import {
  createDataFrame,
  type DataFrame,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  FieldType,
  type QueryResultMetaNotice,
} from '@grafana/data';
import type { AnnotationsResponse } from '@storepulse/contracts/api/annotations';
import { UnusableQueryError } from '@storepulse/contracts/grafana/checks';
import type { Annotation, ApiClient } from '../api/client';
import { describeFailure } from '../api/describeFailure';
import { readShops } from '../query/readShops';
import type { ReadText } from '../query/readVariables';
import type { StorepulseAnnotationQuery } from '../types';

/** What annotations are asked with. */
export interface AnnotationsContext {
  readText: ReadText;
  defaultShop: string | undefined;
}

const CUT: QueryResultMetaNotice = {
  severity: 'warning',
  text: 'Earlier annotations are left out, since there are too many: choose a shorter range, or tags.',
};

/** Answers annotation queries, each with a frame or an error of its own. A variable of several shops asks for all of them. */
export async function askAnnotations(
  queries: StorepulseAnnotationQuery[],
  { range }: Pick<DataQueryRequest, 'range'>,
  api: Pick<ApiClient, 'annotations'>,
  context: AnnotationsContext,
): Promise<DataQueryResponse> {
  const asked = { from: range.from.valueOf(), to: range.to.valueOf() };
  const data: DataFrame[] = [];
  const errors: DataQueryError[] = [];
  const answers = queries.map(async (query) => {
    try {
      const lists = await Promise.all(
        shopsOf(query, context).map((shop) =>
          api.annotations({ shop, range: asked, tags: query.tags ?? [] }),
        ),
      );
      data.push(toFrame(query.refId, lists, asked.to));
    } catch (error) {
      const message = error instanceof UnusableQueryError ? error.message : describeFailure(error);
      errors.push({ refId: query.refId, message });
    }
  });
  await Promise.all(answers);
  return { data, ...(errors.length > 0 ? { errors } : {}) };
}

/** @throws {UnusableQueryError} when there is none */
function shopsOf({ shop }: StorepulseAnnotationQuery, context: AnnotationsContext): string[] {
  const shops = readShops(shop, context);
  if (shops.length === 0) {
    throw new UnusableQueryError(
      'No shop is chosen. Choose one in the query, or a default one in the data source’s settings.',
    );
  }
  return shops;
}

/** The fields that Grafana reads annotations from. What goes on reaches to the end of the range. */
function toFrame(refId: string, lists: AnnotationsResponse[], until: number): DataFrame {
  const annotations = lists.flatMap((list) => list.annotations);
  const isCut = lists.some(({ truncated }) => truncated);
  const field = <T>(name: string, type: FieldType, read: (annotation: Annotation) => T) => ({
    name,
    type,
    values: annotations.map(read),
  });
  return createDataFrame({
    refId,
    meta: { notices: isCut ? [CUT] : [] },
    fields: [
      field('time', FieldType.time, ({ start }) => start),
      field('timeEnd', FieldType.time, ({ end }) => end ?? until),
      field('title', FieldType.string, ({ title }) => title),
      field('text', FieldType.string, ({ text }) => text),
      field('tags', FieldType.other, ({ tags }) => tags),
      field('id', FieldType.string, ({ id }) => id),
    ],
  });
}
