import { type Catalog, defineCatalog } from '@storepulse/contracts';
import { compilePlan, type Plan } from '../aggregate/plan.ts';
import { type TaskGroup, taskGroups, topicsOf } from '../task-groups.ts';
import { type Ends, endKey } from './bounded-kafka.ts';
import type { Rebuild, RequestDependencies } from './request.ts';

/** The plan that counts the rebuilt metric alone, into the field of its present generation. */
export function rebuildPlan({ metric, account, document }: Rebuild, catalog: Catalog): Plan {
  const alone = defineCatalog({ metrics: [metric], dimensions: [...catalog.dimensions.values()] });
  const begins = account.generations.map(({ from }) => from);
  return compilePlan(alone, { generations: new Map([[metric.name, begins]]), since: document.from });
}

/** The live task groups that count the metric, under the rebuild's name and with the topics that it needs. */
export function rebuildGroups(
  { metric, document }: Rebuild,
  events: RequestDependencies['events'],
): TaskGroup[] {
  const needed = topicsOf(metric, events);
  return taskGroups.flatMap(({ name, topics }) => {
    const read = topics.filter((topic) => needed.includes(topic));
    return read.length === 0 ? [] : [{ name: `${document.id}/${name}`, topics: read }];
  });
}

/** Where each partition's reading ends: at the offset from which the live task counts the metric. */
export function rebuildEnds(
  { document, account }: Rebuild,
  groups: readonly TaskGroup[],
  partitions: number,
): Ends {
  const ends = new Map<string, number>();
  for (const { name, topics } of groups) {
    for (let partition = 0; partition < partitions; partition++) {
      const live = `${name}/${partition}`.slice(document.id.length + 1);
      const { offsets } = account.started[live]!;
      for (const topic of topics) ends.set(endKey(topic, partition), offsets[topic] ?? 0);
    }
  }
  return ends;
}
