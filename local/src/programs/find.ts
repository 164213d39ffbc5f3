import { alertmanagerRecipe } from './alertmanager.ts';
import { type Browser, browserRecipe } from './browser.ts';
import { cacheFolder } from './cache-folder.ts';
import { type FindOptions, type Found, findProgram } from './find-program.ts';
import { javaRecipe } from './java.ts';
import { kafkaRecipe } from './kafka.ts';
import { mongodRecipe } from './mongod.ts';
import { silentProgress } from './progress.ts';
import { prometheusRecipe, promtoolRecipe } from './prometheus.ts';
import { findWarmStart, type WarmStart } from './warm-start.ts';

/** What a Kafka node runs from. */
export interface KafkaPrograms {
  java: Found<string>;
  /** Folder of Kafka's jars. */
  libs: Found<string>;
  /** What a node that serves for minutes at most can start from; undefined where `npm test` has made none. */
  warmStart: WarmStart | undefined;
}

/** Finding as this process's environment says, showing nothing. */
export function quietly(environment: NodeJS.ProcessEnv = process.env): FindOptions {
  return { environment, cacheFolder: cacheFolder(environment), progress: silentProgress };
}

/** Finds or fetches Kafka, and the Java that it runs on. */
export async function findKafka(options: FindOptions = quietly()): Promise<KafkaPrograms> {
  // Java first: the Maven client that fetches Kafka runs on it too.
  const java = await findProgram(javaRecipe(), options);
  const libs = await findProgram(kafkaRecipe(java.program), options);
  return { java, libs, warmStart: findWarmStart(java.program, libs.program, options.cacheFolder) };
}

/** Finds or fetches `mongod`. */
export function findMongod(options: FindOptions = quietly()): Promise<Found<string>> {
  return findProgram(mongodRecipe(), options);
}

/** Finds or unpacks a headless Chromium; spread into playwright-core's `chromium.launch`. */
export async function findBrowser(options: FindOptions = quietly()): Promise<Browser> {
  return (await findProgram(browserRecipe(), options)).program;
}

/** Finds or fetches `promtool`. @returns its path */
export async function findPromtool(options: FindOptions = quietly()): Promise<string> {
  return (await findProgram(promtoolRecipe(), options)).program;
}

/** Finds or fetches Prometheus. @returns the path of its server */
export async function findPrometheus(options: FindOptions = quietly()): Promise<string> {
  return (await findProgram(prometheusRecipe(), options)).program;
}

/** Finds or fetches Alertmanager. @returns the path of its server */
export async function findAlertmanager(options: FindOptions = quietly()): Promise<string> {
  return (await findProgram(alertmanagerRecipe(), options)).program;
}
