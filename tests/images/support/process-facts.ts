/**
 * What is wrong with the rights of a process in a container, in words; none is right: it is not root, has no capability
 * and can get none, and gets no further rights from a program that it starts.
 * @param status its `/proc/PID/status`
 */
export function faultsOfRights(status: string): string[] {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
  const name = field('Name');
  const faults: string[] = [];
  if (!/^[1-9]\d*(\s+[1-9]\d*){3}$/.test(field('Uid'))) faults.push(`${name} runs as user ${field('Uid')}`);
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
    if (!/^0+$/.test(field(set))) faults.push(`${name} has capabilities, ${set} ${field(set)}`);
  }
  if (field('NoNewPrivs') !== '1') faults.push(`${name} can get new privileges`);
  return faults;
}

/**
 * Whether a process can write nowhere in its root but in what is mounted for that.
 * @param mounts its `/proc/PID/mounts`
 */
export function hasReadOnlyRoot(mounts: string): boolean {
  const root = mounts.split('\n').find((line) => line.split(' ')[1] === '/');
  return root?.split(' ')[3]?.split(',').includes('ro') ?? false;
}

/** Bytes of a size as the compose file writes it, such as `512m`. */
export function bytesOf(size: string): number {
  const [, number, unit] = /^(\d+)([mg])$/.exec(size) ?? [];
  if (number === undefined) throw new Error(`"${size}" is not a number of m or g`);
  return Number(number) * 2 ** (unit === 'g' ? 30 : 20);
}
