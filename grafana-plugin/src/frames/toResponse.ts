import {
  createDataFrame,
  type DataFrame,
  type DataQueryError,
  type DataQueryResponse,
  LoadingState,
} from '@grafana/data';
import type { QueryResult } from '@storepulse/contracts/query';
import { drawIncomplete } from './drawIncomplete';
import { type FrameOptions, toDataFrames } from './toDataFrames';

/** What came of one query of a panel. */
export type Outcome =
  | { kind: 'answered'; result: QueryResult | undefined; options: FrameOptions; isLive?: boolean }
  /** What is no answer of figures, ready to be shown. */
  | { kind: 'listed'; frames: DataFrame[]; isLive?: boolean }
  /** Nothing was asked, since nothing can match. */
  | { kind: 'empty'; refId: string; remarks: FrameOptions['remarks'] }
  | { kind: 'failed'; refId: string; message: string };

/**
 * Grafana's response to a panel: the frames of all queries that were answered, an error for each that was not.
 * @param palette colours of the lines, where the panel draws lines; elsewhere a frame stays one
 */
export function toResponse(outcomes: readonly Outcome[], palette?: readonly string[]): DataQueryResponse {
  const errors: DataQueryError[] = [];
  const frames = outcomes.flatMap((outcome) => {
    if (outcome.kind === 'failed') {
      errors.push({ refId: outcome.refId, message: outcome.message });
      return [];
    }
    if (outcome.kind === 'empty') {
      return [createDataFrame({ refId: outcome.refId, fields: [], meta: { notices: outcome.remarks } })];
    }
    if (outcome.kind === 'listed') {
      return outcome.frames;
    }
    const { result, options } = outcome;
    const { refId } = options;
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
  const data = palette ? drawIncomplete(frames, palette) : frames;
  if (errors.length > 0) {
    return { data, errors, state: LoadingState.Error };
  }
  // While one goes on, the panel's range moves with it.
  const isLive = outcomes.some((outcome) => 'isLive' in outcome && outcome.isLive);
  return { data, state: isLive ? LoadingState.Streaming : LoadingState.Done };
}
