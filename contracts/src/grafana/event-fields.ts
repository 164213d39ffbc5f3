import { KEPT_EVENT_TYPES } from '../events/kept-types.ts';

/** A field that events can be filtered by. */
export interface EventField {
  title: string;
  description: string;
  /** Its values, where there is a closed list. */
  values?: readonly string[];
}

/** What events can be filtered by, by name; a test compares them with the exporter's parameters. */
export const EVENT_FIELDS: Readonly<Record<string, EventField>> = {
  type: { title: 'Event type', description: 'What happened', values: KEPT_EVENT_TYPES },
  orderId: { title: 'Order', description: 'Id of the order that the event is of' },
  country: { title: 'Country', description: 'Country of the event' },
  device: { title: 'Device', description: 'Device of the event' },
  channel: { title: 'Channel', description: 'Channel of the event' },
};
