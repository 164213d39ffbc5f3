import { createInterface } from 'node:readline/promises';
import { KafkaSettingsSchema, readSettings, SettingsError } from '@storepulse/contracts';
import { pino } from 'pino';
import { createProgram } from './dead-letters/program.ts';
import { ProcessorError, RecordsTooLarge } from './errors.ts';
import { createKafka } from './kafka/kafkajs.ts';
import type { Kafka } from './kafka/port.ts';

/** `npm run dead-letters`: see `dead-letters/program.ts`. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

try {
  const settings = readSettings(KafkaSettingsSchema, process.env);
  let kafka: Kafka | undefined;
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const program = createProgram({
    connect: () => {
      kafka = createKafka(settings, `storepulse-dead-letters-${process.pid}`, pino({ level: 'silent' }));
      return kafka;
    },
    write: (text) => process.stdout.write(`${text}\n`),
    confirm: isTerminal ? confirm : undefined,
    now: Date.now,
  });
  await program.parseAsync().finally(() => kafka?.close());
} catch (error) {
  const { name, message } = error as Error;
  // What kafkajs throws is about the servers: a user needs its message, not its place in the code.
  const fromKafka = name.startsWith('KafkaJS');
  const known = [ProcessorError, RecordsTooLarge, SettingsError].some((kind) => error instanceof kind);
  if (!fromKafka && !known) throw error;
  console.error(
    `dead-letters: ${message}${fromKafka ? '. Is Kafka running? KAFKA_BROKERS names its address.' : ''}`,
  );
  process.exitCode = 1;
}
