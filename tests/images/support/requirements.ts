/** What the command asks of a machine. */
export interface Machine {
  /** As Node names it. */
  readonly platform: NodeJS.Platform;
  /** Undefined where users have no numbers. */
  readonly userId: number | undefined;
  /** Whether a program is on `PATH`. */
  hasProgram(name: string): boolean;
  /** Why no namespaces can be made; undefined when they can. */
  namespaceFault(): Promise<string | undefined>;
}

/** Programs, by the package of Debian that brings each. */
const PROGRAMS = {
  podman: ['podman'],
  runc: ['runc'],
  catatonit: ['catatonit'],
  debootstrap: ['debootstrap'],
  iproute2: ['ip'],
  'util-linux': ['unshare', 'setpriv'],
  tar: ['tar'],
} as const;

/** Why images can't be built and run here, and what to do; undefined when they can. */
export async function whyNotHere(machine: Machine): Promise<string | undefined> {
  const { platform, userId } = machine;
  if (platform !== 'linux') {
    return `Images are run by the Linux kernel, and this is ${platform}: use a Linux machine, or a virtual one.`;
  }
  const missing = Object.entries(PROGRAMS).filter(([, names]) => !names.every(machine.hasProgram));
  if (missing.length > 0) {
    const names = missing.flatMap(([, programs]) => programs.filter((name) => !machine.hasProgram(name)));
    const packages = missing.map(([name]) => name).join(' ');
    return `Images are built and run by programs that are not on PATH: ${names.join(', ')}.\nOn Debian: apt-get install --no-install-recommends ${packages}`;
  }
  if (userId !== 0) {
    return 'Containers with limits of memory, and the base image by debootstrap, need root: use sudo env "PATH=$PATH" npm run test:images, or a virtual machine.';
  }
  const fault = await machine.namespaceFault();
  if (fault !== undefined) {
    return `This machine lets root make no namespaces (${fault}). A container that is not privileged is such a machine: use the machine itself, or a virtual one.`;
  }
  return undefined;
}
