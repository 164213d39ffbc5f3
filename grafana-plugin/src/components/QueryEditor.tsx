import type { QueryEditorProps } from '@grafana/data';
import { Alert, Stack } from '@grafana/ui';
import { migrateQuery } from '@storepulse/contracts/grafana/migrate-query';
import { useState } from 'react';
import type { DataSource } from '../datasource';
import { t } from '../i18n';
import { hintQuery } from '../query/hintQuery';
import { resolveQuery } from '../query/resolveQuery';
import type { StorepulseOptions, StorepulseQuery } from '../types';
import { CodeField } from './CodeField';
import { EditorModeField } from './EditorModeField';
import { HintList } from './HintList';
import { listCodeValues } from './listCodeValues';
import { QueryBuilder } from './QueryBuilder';
import { useCatalog } from './useCatalog';
import { variableOptions } from './variableOptions';

type Props = QueryEditorProps<DataSource, StorepulseQuery, StorepulseOptions>;

/** Edits one query, by fields or as a text: both are the same query. Opening it changes nothing. */
export function QueryEditor({ datasource, query: stored, range, data, onChange, onRunQuery }: Props) {
  const catalogState = useCatalog(datasource.api);
  const [isBroken, setBroken] = useState(false);
  const query = migrateQuery(stored);
  const mode = query.editorMode ?? 'builder';
  const context = { ...datasource.resolveContext(), catalog: catalogState.catalog };
  const hints = hintQuery({
    query,
    meant: resolveQuery(query, context).query,
    catalog: catalogState.catalog,
    frames: data?.series.filter(({ refId }) => refId === query.refId) ?? [],
    timeZone: data?.request?.timezone ?? 'browser',
  });
  const change = (changed: StorepulseQuery) => {
    onChange(changed);
    onRunQuery();
  };

  return (
    <Stack direction="column" gap={0.5}>
      {catalogState.failure && (
        <Alert title={t('The metric catalogue could not be read')}>{catalogState.failure}</Alert>
      )}
      <EditorModeField
        mode={mode}
        isBroken={isBroken}
        onChange={(editorMode) => onChange({ ...query, editorMode })}
      />
      {mode === 'builder' ? (
        <QueryBuilder {...{ datasource, query, range, catalogState }} onChange={change} />
      ) : (
        <CodeField
          query={query}
          catalog={catalogState.catalog}
          variables={variableOptions(datasource.templateSrv).map(({ value }) => value)}
          listValues={(dimension, contains, named) => {
            const meant = resolveQuery(
              named ? { ...query, shop: named } : query,
              datasource.resolveContext(),
            );
            const shop = meant.query.shop ?? datasource.defaultShop;
            return listCodeValues({ dimension, contains, shop, range }, datasource.api);
          }}
          onChange={change}
          onBroken={setBroken}
        />
      )}
      <HintList hints={hints} onFix={change} />
    </Stack>
  );
}
