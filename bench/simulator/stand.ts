import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaSettings, KafkaSettingsSchema, readSettings } from '@storepulse/contracts';
import { startPart, startServers } from '@storepulse/local';
import type { Status } from '@storepulse/simulator/http/schemas';

/** A real Kafka for one measurement, and simulators on it. It ends when disposed. */
export interface Stand extends AsyncDisposable {
  readonly kafkaPid: number;
  readonly settings: KafkaSettings;
  /** Starts a simulator as `npm start` does, in a process of its own. */
  simulator(settings: Readonly<Record<string, string>>): Promise<RunningSimulator>;
}

/** A simulator that makes traffic. */
export interface RunningSimulator {
  readonly pid: number;
  status(): Promise<Status>;
  /** Asks its control interface for something. @throws {Error} with the answer, when it is refused */
  ask<T>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts Kafka on free ports, in a folder that goes away. */
export async function openStand(topicPrefix = ''): Promise<Stand> {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-'));
  const servers = await startServers({ dataDir: folder, mongo: false });
  const kafka = { KAFKA_BROKERS: servers.kafkaBrokers, TOPIC_PREFIX: topicPrefix };
  return {
    kafkaPid: servers.kafka.pid!,
    settings: readSettings(KafkaSettingsSchema, kafka),
    simulator: async (settings) => {
      const part = await startPart('simulator', { ...kafka, LOG_LEVEL: 'warn', ...settings }, folder);
      const ask = askSimulator(part.url);
      return {
        pid: part.service.pid!,
        status: () => ask<Status>('GET', '/v1/status'),
        ask,
        stop: part.stop,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Asks the control interface of the simulator at an address.
 * @returns a function that throws with the answer when it is refused
 */
export function askSimulator(url: string): RunningSimulator['ask'] {
  return async <T>(method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
}

/** What a process has used so far, and holds. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Reads a process's use of CPU and memory; Linux. */
export async function usageOf(pid: number): Promise<Usage> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ').map(Number);
  return {
    cpuSeconds: (fields[11]! + fields[12]!) / TICKS_PER_SECOND,
    residentMb: (fields[21]! * PAGE_BYTES) / 1e6,
  };
}
