import {
  type Catalog,
  type EventRegistry,
  FACT_TASKS,
  FACT_TOPICS,
  type StoredMetric,
  type TopicName,
} from '@storepulse/contracts';

/** Topics that are counted together: partition p of all of them is the task `name/p`. */
export interface TaskGroup {
  readonly name: string;
  readonly topics: readonly TopicName[];
}

/** The task groups of the product: the fact topics share visitors; each compacted topic stands alone. */
export const taskGroups: readonly TaskGroup[] = [
  { name: FACT_TASKS, topics: FACT_TOPICS },
  { name: 'shops', topics: ['shops'] },
  { name: 'customers', topics: ['customers'] },
  { name: 'products', topics: ['products'] },
  { name: 'system-logs', topics: ['system-logs'] },
];

/** The `_id` of a task. */
export const taskId = (group: TaskGroup, partition: number) => `${group.name}/${partition}`;

/** The topics that carry what a metric counts; a visit is made up of the events of all fact topics. */
export function topicsOf({ source }: StoredMetric, events: EventRegistry): TopicName[] {
  if (source.from === 'session') return [...FACT_TOPICS];
  return [...new Set(source.from.flatMap((type) => events.get(type)?.topic ?? []))];
}

/** The tasks that count a metric: those of the groups that read one of its topics. */
export function tasksOfMetric(
  metric: StoredMetric,
  events: EventRegistry,
  groups: readonly TaskGroup[],
  partitions: number,
): string[] {
  return tasksReading(topicsOf(metric, events), groups, partitions);
}

/** The tasks that keep business facts: those of the groups that read a topic which carries them. */
export function factTasks(
  events: EventRegistry,
  groups: readonly TaskGroup[],
  partitions: number,
): readonly string[] {
  const topics = [...events.values()].flatMap(({ topic, fact }) => (fact ? [topic] : []));
  return tasksReading(topics, groups, partitions);
}

function tasksReading(
  topics: readonly TopicName[],
  groups: readonly TaskGroup[],
  partitions: number,
): string[] {
  return groups
    .filter((group) => group.topics.some((topic) => topics.includes(topic)))
    .flatMap((group) => Array.from({ length: partitions }, (_, p) => taskId(group, p)));
}

/** The tasks whose partials make up a metric group, by its name: those that count one of its metrics. */
export function feedingTasks(
  catalog: Catalog,
  events: EventRegistry,
  groups: readonly TaskGroup[],
  partitions: number,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...catalog.groups].map(([name, metrics]) => {
      const tasks = metrics.flatMap((metric) => tasksOfMetric(metric, events, groups, partitions));
      return [name, [...new Set(tasks)]];
    }),
  );
}
