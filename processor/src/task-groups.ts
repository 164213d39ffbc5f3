import { type Catalog, type EventRegistry, FACT_TOPICS, type TopicName } from '@storepulse/contracts';

/** Topics that are counted together: partition p of all of them is the task `name/p`. */
export interface TaskGroup {
  readonly name: string;
  readonly topics: readonly TopicName[];
}

/** The task groups of the product: the fact topics share visitors; each compacted topic stands alone. */
export const taskGroups: readonly TaskGroup[] = [
  { name: 'facts', topics: FACT_TOPICS },
  { name: 'shops', topics: ['shops'] },
  { name: 'customers', topics: ['customers'] },
  { name: 'products', topics: ['products'] },
  { name: 'system-logs', topics: ['system-logs'] },
];

/** The `_id` of a task. */
export const taskId = (group: TaskGroup, partition: number) => `${group.name}/${partition}`;

/**
 * The tasks whose partials make up a metric group, by its name: those whose topics carry an event type that one of
 * its sources reads.
 */
export function feedingTasks(
  catalog: Catalog,
  events: EventRegistry,
  groups: readonly TaskGroup[],
  partitions: number,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...catalog.groups].map(([name, metrics]) => {
      const topics = new Set(
        metrics.flatMap(({ source: { from } }) =>
          from === 'session' ? FACT_TOPICS : from.map((type) => events.get(type)?.topic),
        ),
      );
      const feeding = groups.filter((group) => group.topics.some((topic) => topics.has(topic)));
      return [
        name,
        feeding.flatMap((group) => Array.from({ length: partitions }, (_, p) => taskId(group, p))),
      ];
    }),
  );
}
