import { readdir } from 'node:fs/promises';
import { release, type } from 'node:os';
import { findKafka } from '@storepulse/local/programs/find';
import { MongoClient } from 'mongodb';

/** The versions of what a row runs on. */
export async function versionsOf(mongoUri: string): Promise<Record<string, string>> {
  const client = new MongoClient(mongoUri);
  try {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return {
      node: process.version.slice(1),
      kafka: await kafkaVersion(),
      mongodb: String(version),
      system: `${type()} ${release().split('-')[0]}`,
    };
  } finally {
    await client.close();
  }
}

async function kafkaVersion(): Promise<string> {
  const { libs } = await findKafka();
  const names = await readdir(libs.program);
  return names.flatMap((name) => /^kafka-clients-(.+)\.jar$/.exec(name)?.[1] ?? [])[0] ?? 'unknown';
}
