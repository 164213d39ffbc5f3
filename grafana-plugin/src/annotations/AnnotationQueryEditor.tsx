import type { QueryEditorProps } from '@grafana/data';
import { InlineField, TagsInput } from '@grafana/ui';
import { ShopField } from '../components/ShopField';
import { useCatalog } from '../components/useCatalog';
import type { DataSource } from '../datasource';
import { t } from '../i18n';
import type { StorepulseAnnotationQuery, StorepulseOptions, StorepulseQuery } from '../types';

type Props = QueryEditorProps<DataSource, StorepulseQuery | StorepulseAnnotationQuery, StorepulseOptions>;

/** Edits what a dashboard marks on its charts. */
export function AnnotationQueryEditor({ datasource, query, onChange }: Props) {
  const catalogState = useCatalog(datasource.api);
  const { refId, shop, tags } = query as StorepulseAnnotationQuery;
  const change = (changes: Partial<StorepulseAnnotationQuery>) =>
    onChange({
      refId,
      ...(shop ? { shop } : {}),
      ...(tags ? { tags } : {}),
      ...changes,
      queryType: 'annotations',
    });
  return (
    <>
      <ShopField
        id="annotation-shop"
        datasource={datasource}
        catalogState={catalogState}
        value={shop}
        onChange={(chosen) => change(chosen ? { shop: chosen } : { shop: undefined })}
      />
      <InlineField
        label={t('Tags')}
        labelWidth={14}
        tooltip={t(
          'Marks what has all of these tags, such as scenario, fault or release. Without any: everything',
        )}
      >
        <TagsInput
          id="annotation-tags"
          width={30}
          placeholder={t('any tag')}
          tags={tags ?? []}
          onChange={(chosen) => change({ tags: chosen })}
        />
      </InlineField>
    </>
  );
}
