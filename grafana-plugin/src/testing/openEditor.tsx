import { QueryEditor } from '../components/QueryEditor';
import type { StorepulseQuery } from '../types';
import { aRequest } from './fixtures';
import { renderEditor } from './render';
import { aDataSource } from './services';

/** Draws the query editor of a query. @returns what it was changed to, in order, and what counts the runs that it asked for */
export function openEditor(query: StorepulseQuery, { datasource } = aDataSource()) {
  const onRunQuery = jest.fn();
  const changes = renderEditor(query, ({ value, onChange }) => (
    <QueryEditor
      datasource={datasource}
      query={value}
      range={aRequest([]).range}
      onChange={onChange}
      onRunQuery={onRunQuery}
    />
  ));
  return { changes, onRunQuery };
}
