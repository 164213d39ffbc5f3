import { ResponseError } from '@platformatic/kafka';

/**
 * The whole answer also where parts of it hold faults: the client throws it away for one partition that has no leader.
 * Each part has an `errorCode`, which whoever asked must look at.
 */
export async function withFaults<R>(answer: Promise<R>): Promise<R> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ResponseError) || error.response === undefined) throw error;
    return error.response as R;
  }
}
