import { readdir } from 'node:fs/promises';
import { release, type } from 'node:os';
import { findKafka } from '@storepulse/local/programs/find';
import { MongoClient } from 'mongodb';

/** The versions of what a row runs on. @param mongoUri of its mongod; undefined: it needs no servers */
export async function versionsOf(mongoUri: string | undefined): Promise<Record<string, string>> {
  const own = { node: process.version.slice(1), system: `${type()} ${release().split('-')[0]}` };
  if (mongoUri === undefined) return own;
  return { ...own, kafka: await kafkaVersion(), mongodb: await mongodVersion(mongoUri) };
}

async function mongodVersion(uri: string): Promise<string> {
  const client = new MongoClient(uri);
  try {
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return String(version);
  } finally {
    await client.close();
  }
}

async function kafkaVersion(): Promise<string> {
  const { libs } = await findKafka();
  const names = await readdir(libs.program);
  return names.flatMap((name) => /^kafka-clients-(.+)\.jar$/.exec(name)?.[1] ?? [])[0] ?? 'unknown';
}
