import type { ComposeService } from '../../provisioning/compose-file.ts';

/** Where a container finds what is outside of it. */
export interface Surroundings {
  /** Names of other containers, all of which are reached on the loopback address. */
  readonly hosts: readonly string[];
  /** The file of a secret, by the secret's name. */
  secretFile(name: string): string;
}

/**
 * The options of `podman run` that give a container what its service gives it. It shares the network of whoever starts it,
 * where the servers and the other parts are.
 * @throws {Error} for a key of the service that is not known here: it would be left out in silence
 */
export function runOptions(service: ComposeService, { hosts, secretFile }: Surroundings): string[] {
  const options: Record<keyof ComposeService, (value: never) => readonly string[]> = {
    ...ELSEWHERE,
    entrypoint: (words: readonly string[]) => ['--entrypoint', JSON.stringify(words)],
    init: (value: boolean) => (value ? ['--init'] : []),
    user: (value: string) => ['--user', value],
    read_only: (value: boolean) => (value ? ['--read-only'] : []),
    mem_limit: (value: string) => ['--memory', value],
    pids_limit: (value: number) => ['--pids-limit', String(value)],
    stop_grace_period: (value: string) => ['--stop-timeout', String(secondsOf(value))],
    tmpfs: each('--tmpfs'),
    cap_drop: each('--cap-drop'),
    cap_add: each('--cap-add'),
    privileged: (value: boolean) => (value ? ['--privileged'] : []),
    volumes: each('--volume'),
    // Podman has no value here: the option alone is what Docker calls true.
    security_opt: (values: readonly string[]) =>
      values.flatMap((value) => [
        '--security-opt',
        value.replace(/^no-new-privileges:true$/, 'no-new-privileges'),
      ]),
    environment: (values: Readonly<Record<string, string>>) =>
      Object.entries(values).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    secrets: (names: readonly string[]) =>
      names.flatMap((name) => ['--volume', `${secretFile(name)}:/run/secrets/${name}:ro`]),
    // Podman's own writer of such files; it keeps one.
    logging: ({ options: { 'max-size': size } }: NonNullable<ComposeService['logging']>) => [
      ...['--log-driver', 'k8s-file'],
      ...['--log-opt', `max-size=${size}`],
    ],
  };
  const keys = Object.keys(service) as (keyof ComposeService)[];
  const unknown = keys.filter((key) => !(key in options));
  if (unknown.length > 0)
    throw new Error(`Nothing here does what the compose file says in ${unknown.join(', ')}`);
  return [
    ...['--network', 'host'],
    ...hosts.flatMap((host) => ['--add-host', `${host}:127.0.0.1`]),
    ...keys.flatMap((key) => (options[key] as (value: unknown) => readonly string[])(service[key])),
  ];
}

const nothing = () => [];

/** What is no option: who runs it names the image and its command, in the order of what depends on what, and asks for its health. */
const ELSEWHERE = {
  image: nothing,
  build: nothing,
  profiles: nothing,
  command: nothing,
  depends_on: nothing,
  restart: nothing,
  healthcheck: nothing,
  // The network is shared, so that every port is open to it.
  ports: nothing,
};

function each(option: string) {
  return (values: readonly string[]) => values.flatMap((value) => [option, value]);
}

function secondsOf(text: string): number {
  const [, number] = /^(\d+)s$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`"${text}" is not a number of seconds such as 15s`);
  return Number(number);
}
