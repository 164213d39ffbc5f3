import { LocalError } from '../errors.ts';
import { findPortHolder, isPortFree } from './port-holder.ts';

/** A port that the stack is about to listen on. */
export interface WantedPort {
  /** Who wants it, e.g. "kafka". */
  owner: string;
  /** The variable that moves it, e.g. `KAFKA_PORT`. */
  variable: string;
  port: number;
}

const COMMAND_LENGTH = 120;

/**
 * Checks that the ports are free, and differ from each other.
 * @throws {LocalError} `port_taken` naming every one that is not, its holder, and the variable that moves it
 */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const faults: string[] = [];
  for (const [index, { owner, variable, port }] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other.port === port);
    if (twin)
      faults.push(`port ${port} is wanted by ${twin.owner} and by ${owner}: set ${variable} to another one`);
    else if (!(await isPortFree(port)))
      faults.push(`port ${port} for ${owner} is ${held(port)}: end that, or set ${variable} to a free one`);
  }
  if (faults.length > 0)
    throw new LocalError(
      'port_taken',
      `Ports are not free:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
}

function held(port: number): string {
  const holder = findPortHolder(port);
  if (!holder) return 'held by a process that this user may not see';
  const command =
    holder.command.length > COMMAND_LENGTH ? `${holder.command.slice(0, COMMAND_LENGTH)}…` : holder.command;
  return `held by process ${holder.pid} (${command})`;
}
