import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Keeping, TOPIC_KEEPING } from './keeping.ts';
import { TOPIC_CONFIG, TOPICS } from './topics.ts';

test('each topic is created to end as it is said to: with time, by successors, or never', () => {
  const createdTo = (config: Readonly<Record<string, string>>): Keeping['ends'] => {
    if (config['cleanup.policy'] === 'compact') return 'replaced';
    return Number(config['retention.ms']) > 0 ? 'time' : 'kept';
  };
  for (const topic of TOPICS) assert.equal(createdTo(TOPIC_CONFIG[topic]), TOPIC_KEEPING[topic].ends, topic);
});
