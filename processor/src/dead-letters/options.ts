import {
  DEAD_LETTER_REASONS,
  type DeadLetterReason,
  INPUT_TOPICS,
  type TopicName,
} from '@storepulse/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeadLetter } from './letter.ts';

/** Options that restrict which letters are meant. */
export interface Filters {
  readonly reason?: DeadLetterReason;
  readonly topic?: TopicName;
  readonly since?: number;
}

/** `partition:offset` as a command line names a letter. */
export type Position = Pick<DeadLetter, 'partition' | 'offset'>;

/** Gives a command the options of `Filters`; `now` is what a duration counts back from. */
export function withFilters(command: Command, now: () => number): Command {
  return command
    .addOption(new Option('--reason <reason>', 'only of this reason').choices(DEAD_LETTER_REASONS))
    .addOption(new Option('--topic <topic>', 'only from this topic').choices(INPUT_TOPICS))
    .option(
      '--since <when>',
      'only since then: 30m, 2h, 7d ago, or a time such as 2026-05-01T12:00Z',
      (text) => parseSince(text, now()),
    );
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An instant, epoch ms, from a duration back from `now` or an ISO time. */
export function parseSince(text: string, now: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  const instant = ago ? now - Number(ago[1]) * UNITS[ago[2]!]! : Date.parse(text);
  if (Number.isNaN(instant))
    throw new InvalidArgumentError('use a number and s, m, h or d, such as 2h, or an ISO time.');
  return instant;
}

/** A positive whole number. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('use a whole number of at least 1.');
  return Number(text);
}

/** The name of a letter. */
export function parsePosition(text: string): Position {
  const found = /^(\d{1,6}):(\d{1,15})$/.exec(text);
  if (!found) throw new InvalidArgumentError('use partition:offset as the list shows it, such as 2:17.');
  return { partition: Number(found[1]), offset: Number(found[2]) };
}
