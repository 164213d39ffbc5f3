import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { from, map, type Observable } from 'rxjs';
import type { DataSource } from '../datasource';
import type { StorepulseOptions, StorepulseQuery, StorepulseVariableQuery } from '../types';
import { listVariableValues } from './listVariableValues';
import { VariableQueryEditor } from './VariableQueryEditor';

/** Lets dashboard variables list shops and the values of dimensions, with an editor of their own. */
export function createVariableSupport(datasource: DataSource): StorepulseVariableSupport {
  return new StorepulseVariableSupport(datasource);
}

class StorepulseVariableSupport extends CustomVariableSupport<
  DataSource,
  StorepulseVariableQuery,
  StorepulseQuery,
  StorepulseOptions
> {
  readonly editor = VariableQueryEditor;
  private readonly datasource: DataSource;

  constructor(datasource: DataSource) {
    super();
    this.datasource = datasource;
  }

  override getDefaultQuery(): Partial<StorepulseVariableQuery & StorepulseQuery> {
    return { kind: 'shops' };
  }

  query({ targets, scopedVars }: DataQueryRequest<StorepulseVariableQuery>): Observable<DataQueryResponse> {
    const { api, templateSrv, defaultShop } = this.datasource;
    const [query] = targets;
    const shop = templateSrv.replace(query.shop, scopedVars);
    return from(listVariableValues({ ...query, shop }, api, defaultShop)).pipe(map((data) => ({ data })));
  }
}
