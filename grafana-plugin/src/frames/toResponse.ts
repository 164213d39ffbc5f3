import { type DataQueryError, type DataQueryResponse, LoadingState } from '@grafana/data';
import type { QueryResponse } from '@storepulse/contracts/query';
import { type FrameOptions, toDataFrames } from './toDataFrames';

/** Grafana's response to a panel: the frames of all queries that were answered, an error for each that was not. */
export function toResponse(
  answer: QueryResponse,
  optionsByRefId: ReadonlyMap<string, FrameOptions>,
  earlierErrors: DataQueryError[],
): DataQueryResponse {
  const errors = [...earlierErrors];
  const data = [...optionsByRefId].flatMap(([refId, options]) => {
    const result = answer.results[refId];
    if (!result) {
      errors.push({ refId, message: `The exporter did not answer query ${refId}.` });
      return [];
    }
    if (result.error) {
      const { title, detail } = result.error;
      errors.push({ refId, message: detail ? `${title}: ${detail}` : title });
      return [];
    }
    return toDataFrames(result, options);
  });
  return errors.length > 0 ? { data, errors, state: LoadingState.Error } : { data, state: LoadingState.Done };
}
