import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/** A process that listens on a port. */
export interface PortHolder {
  pid: number;
  /** Its command line, as far as it may be seen. */
  command: string;
}

/** True when nobody listens on this port of the loopback address. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Who listens on a TCP port of this machine; undefined when that can't be seen, e.g. for another user's process. */
export function findPortHolder(port: number): PortHolder | undefined {
  return process.platform === 'linux' ? holderByProc(port) : holderByLsof(port);
}

const LISTENING = '0A';

function holderByProc(port: number): PortHolder | undefined {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)),
  );
  if (sockets.size === 0) return undefined;
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && holdsOneOf(entry, sockets))
      return { pid: Number(entry), command: commandOf(entry) };
  }
  return undefined;
}

/** The inodes of the sockets that listen on a port, e.g. `socket:[1234]`. */
function listeningSockets(table: string, port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return readOptional(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === LISTENING)
    .map((fields) => `socket:[${fields[9]}]`);
}

function holdsOneOf(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) =>
      sockets.has(linkOf(`/proc/${pid}/fd/${descriptor}`)),
    );
  } catch {
    return false;
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function commandOf(pid: string): string {
  return readOptional(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

function readOptional(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function holderByLsof(port: number): PortHolder | undefined {
  const pid = outputOf('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']).split('\n')[0];
  return pid ? { pid: Number(pid), command: outputOf('ps', ['-o', 'command=', '-p', pid]) } : undefined;
}

function outputOf(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
