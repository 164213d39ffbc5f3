import { type FindOptions, type Found, findProgram } from './find-program.ts';
import { javaRecipe } from './java.ts';
import { kafkaRecipe } from './kafka.ts';
import { mongodRecipe } from './mongod.ts';

/** What a Kafka node runs from. */
export interface KafkaPrograms {
  java: Found<string>;
  /** Folder of Kafka's jars. */
  libs: Found<string>;
}

/** Finds or fetches Kafka, and the Java that it runs on. */
export async function findKafka(options: FindOptions): Promise<KafkaPrograms> {
  // Java first: the Maven client that fetches Kafka runs on it too.
  const java = await findProgram(javaRecipe(), options);
  return { java, libs: await findProgram(kafkaRecipe(java.program), options) };
}

/** Finds or fetches mongod. */
export function findMongod(options: FindOptions): Promise<Found<string>> {
  return findProgram(mongodRecipe(), options);
}
