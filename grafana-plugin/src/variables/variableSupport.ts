import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse } from '@grafana/data';
import { catchError, from, map, type Observable, throwError } from 'rxjs';
import { describeFailure } from '../api/describeFailure';
import type { DataSource } from '../datasource';
import { readVariables } from '../query/readVariables';
import type { StorepulseOptions, StorepulseQuery, StorepulseVariableQuery } from '../types';
import { listVariableValues } from './listVariableValues';
import { VariableQueryEditor } from './VariableQueryEditor';

/** What is typed into a variable's menu; Grafana gives it only while something is typed. */
const NOTHING_TYPED = { __searchFilter: { text: '', value: '' } };

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

  query({
    targets,
    scopedVars,
    range,
  }: DataQueryRequest<StorepulseVariableQuery>): Observable<DataQueryResponse> {
    const { api, templateSrv, defaultShop } = this.datasource;
    const [query] = targets;
    const readText = readVariables(templateSrv, { ...NOTHING_TYPED, ...scopedVars });
    const context = {
      ...{ api, defaultShop, readText },
      range: { from: range.from.valueOf(), to: range.to.valueOf() },
    };
    return from(listVariableValues(query, context)).pipe(
      map((data) => ({ data })),
      // As it is, a failed request would be shown as an object.
      catchError((error: unknown) => throwError(() => new Error(describeFailure(error)))),
    );
  }
}
