import { INPUT_TOPICS, type TopicName } from '@storepulse/contracts';
import { until } from '../until.ts';
import type { Pipeline } from './pipeline.ts';

/** Next offsets by partition. */
type Offsets = Readonly<Record<number, number>>;

const MERGE_GROUP = 'storepulse-merge';

/**
 * Waits until every record that is on the input topics now has been counted, and every window that this changed has
 * been merged: the checkpoints have reached the topics' ends, those commits have been announced, and the merge stage has
 * read what was announced. Traffic may go on meanwhile.
 */
export async function untilDrained(pipeline: Pipeline, timeoutMs?: number): Promise<void> {
  const ends = new Map<TopicName, Offsets>();
  for (const topic of INPUT_TOPICS) ends.set(topic, await endsOf(pipeline, topic));
  const counted = await until(
    'all records on the input topics are counted',
    () => uncounted(pipeline, ends),
    ({ records }) => records === 0,
    timeoutMs,
  );
  await until(
    'all that was counted is announced',
    () => unannounced(pipeline, counted.commits),
    (tasks) => tasks.length === 0,
    timeoutMs,
  );
  const changes = await endsOf(pipeline, 'metric-changes');
  await until(
    'all changed windows are merged',
    () => unmerged(pipeline, changes),
    (notices) => notices === 0,
    timeoutMs,
  );
}

/** How many records of the input topics the committed checkpoints have passed. */
export async function consumedRecords({ checkpoints }: Pipeline): Promise<number> {
  const tasks = await checkpoints.find({}, { projection: { offsets: 1 } }).toArray();
  return tasks.flatMap(({ offsets }) => Object.values(offsets)).reduce((sum, offset) => sum + offset, 0);
}

/** Asked again while Kafka does not tell: of a cluster, leaders may be moving. */
async function endsOf(pipeline: Pipeline, topic: TopicName): Promise<Offsets> {
  const admin = await pipeline.admin();
  const partitions = await until(
    `Kafka tells where ${topic} ends`,
    () => admin.fetchTopicOffsets(`${pipeline.prefix}${topic}`),
    () => true,
  );
  return Object.fromEntries(partitions.map(({ partition, high }) => [partition, Number(high)]));
}

async function uncounted({ checkpoints }: Pipeline, ends: ReadonlyMap<TopicName, Offsets>) {
  const tasks = await checkpoints.find().toArray();
  let records = 0;
  for (const [topic, partitions] of ends) {
    for (const [partition, end] of Object.entries(partitions)) {
      const reached = tasks
        .filter(({ _id }) => _id.endsWith(`/${partition}`))
        .map(({ offsets }) => offsets[topic] ?? 0);
      records += Math.max(0, end - Math.max(0, ...reached));
    }
  }
  return { records, commits: new Map(tasks.map(({ _id, seq }) => [_id, seq])) };
}

/** The tasks that have not announced all of some commits. @param commits the last of each task, by its `seq` */
async function unannounced(
  { checkpoints }: Pipeline,
  commits: ReadonlyMap<string, number>,
): Promise<string[]> {
  const tasks = await checkpoints.find().toArray();
  return tasks.flatMap(({ _id, publishedSeq }) => (publishedSeq < (commits.get(_id) ?? 0) ? [_id] : []));
}

async function unmerged({ admin: connect, prefix }: Pipeline, ends: Offsets): Promise<number> {
  const admin = await connect();
  const topic = `${prefix}metric-changes`;
  const [group] = await admin.fetchOffsets({ groupId: `${prefix}${MERGE_GROUP}`, topics: [topic] });
  const reached = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return Object.entries(ends).reduce(
    (sum, [partition, end]) => sum + Math.max(0, end - Math.max(0, reached.get(Number(partition)) ?? 0)),
    0,
  );
}
