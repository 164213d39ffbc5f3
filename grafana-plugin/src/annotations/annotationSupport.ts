import type { AnnotationSupport } from '@grafana/data';
import { isAnnotationQuery, type StorepulseAnnotationQuery, type StorepulseQuery } from '../types';
import { AnnotationQueryEditor } from './AnnotationQueryEditor';

/** Lets dashboards mark on their charts what happened in a shop, with an editor of its own. */
export const annotationSupport: AnnotationSupport<StorepulseQuery | StorepulseAnnotationQuery> = {
  getDefaultQuery: () => ({ queryType: 'annotations' }),
  // One that was made of a metric's query before it was chosen what it shall be.
  prepareQuery: ({ target }) =>
    target && isAnnotationQuery(target) ? target : { refId: 'Anno', ...target, queryType: 'annotations' },
  QueryEditor: AnnotationQueryEditor,
};
