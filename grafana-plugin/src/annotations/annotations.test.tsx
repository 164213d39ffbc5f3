import type { AnnotationQuery, DataFrame } from '@grafana/data';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { lastValueFrom } from 'rxjs';
import type { Annotation } from '../api/client';
import { aRequest } from '../testing/fixtures';
import { accessibilityFaults, choose, renderEditor } from '../testing/render';
import { aDataSource, failure } from '../testing/services';
import type { StorepulseAnnotationQuery, StorepulseQuery } from '../types';
import { AnnotationQueryEditor } from './AnnotationQueryEditor';
import { annotationSupport } from './annotationSupport';

const query = (changes: Partial<StorepulseAnnotationQuery> = {}) =>
  ({ refId: 'Anno', queryType: 'annotations', shop: 'demo', ...changes }) as StorepulseAnnotationQuery &
    StorepulseQuery;
const outage: Annotation = {
  ...{ id: 'a1', start: 2_000, end: 9_000, title: 'Payment outage', text: 'most fail', tags: ['scenario'] },
};
const release: Annotation = { ...outage, id: 'a2', start: 5_000, end: null, title: 'Release', tags: [] };
const rowsOf = (frame: DataFrame) =>
  Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row]])),
  );

function open(parts: Parameters<typeof aDataSource>[0], ...targets: Array<ReturnType<typeof query>>) {
  const { datasource, sent } = aDataSource(parts);
  return { sent, answer: () => lastValueFrom(datasource.query(aRequest(targets))) };
}

test('what happened in the panel’s range is marked; what goes on reaches to its end', async () => {
  const { sent, answer } = open(
    { answer: () => ({ annotations: [outage, release], truncated: false }) },
    query({ tags: ['scenario', 'web shop'] }),
  );
  const { data } = await answer();
  expect(sent.map(({ url }) => url)).toEqual([
    '/proxy/api/v1/annotations?shop=demo&from=1000&to=61000&limit=500&tags=scenario&tags=web+shop',
  ]);
  expect(rowsOf(data[0])).toEqual([
    { ...rowOf(outage), timeEnd: 9_000 },
    { ...rowOf(release), timeEnd: 61_000 },
  ]);
});

const rowOf = ({ id, start, title, text, tags }: Annotation) => ({ id, time: start, title, text, tags });

test('a variable of several shops marks what happened in each of them', async () => {
  const { sent, answer } = open(
    {
      answer: ({ url }) => ({
        annotations: url.includes('shop=demo') ? [outage] : [release],
        truncated: false,
      }),
      variables: { shops: ['demo', 'uk-retail'] },
    },
    query({ shop: '$shops' }),
  );
  const { data } = await answer();
  expect(sent).toHaveLength(2);
  expect(rowsOf(data[0]).map(({ title }) => title)).toEqual(['Payment outage', 'Release']);
});

test('that earlier ones are left out is said', async () => {
  const noticesOf = async (truncated: boolean) => {
    const { data } = await open({ answer: () => ({ annotations: [outage], truncated }) }, query()).answer();
    return data[0].meta?.notices.map(({ text }: { text: string }) => text);
  };
  expect(await noticesOf(true)).toEqual([expect.stringContaining('Earlier annotations are left out')]);
  expect(await noticesOf(false)).toEqual([]);
});

test('a shop that is missing, and an exporter that fails, are told in words', async () => {
  const missing = await open({}, query({ shop: '$unknown' })).answer();
  expect(missing).toMatchObject({
    data: [],
    errors: [{ refId: 'Anno', message: expect.stringContaining('$unknown') }],
  });
  const failed = await open(
    { answer: () => failure(503, { title: 'Store unavailable', detail: 'MongoDB can not be reached' }) },
    query(),
  ).answer();
  expect(failed.errors).toEqual([
    { refId: 'Anno', message: expect.stringContaining('MongoDB can not be reached') },
  ]);
});

test('an annotation that was saved with a metric’s query asks for annotations', () => {
  const stored = {
    target: { refId: 'A', shop: 'demo', metric: 'orders' },
  } as AnnotationQuery<StorepulseQuery>;
  expect(annotationSupport.prepareQuery?.(stored)).toMatchObject({ queryType: 'annotations', shop: 'demo' });
  expect(annotationSupport.prepareQuery?.({} as AnnotationQuery<StorepulseQuery>)).toEqual({
    refId: 'Anno',
    queryType: 'annotations',
  });
});

test('shop and tags are chosen in an editor that assistive technology can tell', async () => {
  const { datasource } = aDataSource();
  const changes = renderEditor(
    { refId: 'Anno', queryType: 'annotations' } as StorepulseAnnotationQuery,
    ({ value, onChange }) => (
      <AnnotationQueryEditor
        datasource={datasource}
        query={value}
        onChange={(next) => onChange(next as StorepulseAnnotationQuery)}
        onRunQuery={jest.fn()}
      />
    ),
  );
  await choose('Shop', 'UK retail');
  await userEvent.type(screen.getByPlaceholderText('any tag'), 'release{enter}');
  expect(changes.at(-1)).toEqual({
    refId: 'Anno',
    queryType: 'annotations',
    shop: 'uk-retail',
    tags: ['release'],
  });
  expect(await accessibilityFaults()).toEqual([]);
});
