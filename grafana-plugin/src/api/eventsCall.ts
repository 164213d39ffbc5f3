import { type ApiCall, api } from '@storepulse/contracts/api/calls';
import type { AskedEvents } from '@storepulse/contracts/grafana/validate-events';
import type { EventsPage } from '@storepulse/contracts/live';
import { filterParameters } from './filterParameters';

/**
 * Asks the exporter for some events of a range, latest first; undefined where nothing can match, since filters on one field
 * leave no value.
 * @param cursor of the page; without one it is the first
 */
export function eventsCall(
  { shop, filters, limit }: AskedEvents,
  { from, to }: { from: number; to: number },
  cursor?: string,
): ApiCall<EventsPage> | undefined {
  const narrowed = filterParameters(filters);
  return (
    narrowed &&
    api.events({
      ...{ shop, from, to, limit },
      ...(cursor === undefined ? {} : { cursor }),
      ...(narrowed as object),
    })
  );
}
