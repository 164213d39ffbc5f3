import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Text of a file of the checkout. */
export const readText = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** A service of the compose file, as far as it is checked or run. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly profiles?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly unknown[] };
  readonly user?: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

/** The compose file. */
export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** The compose file of the checkout. @param variables what `${NAME:-default}` takes; the default where there is none */
export function readCompose(variables: Readonly<Record<string, string>> = {}): Compose {
  const fill = (text: string) =>
    text
      .replace(/\$\{(\w+):-([^}]*)\}/g, (_, name, fallback) => variables[name] || fallback)
      .replaceAll('$$', '$');
  return parse(
    readText('docker-compose.yml'),
    (_key, value) => (typeof value === 'string' ? fill(value) : value),
    { merge: true },
  ) as Compose;
}

/** The file of a secret that a container finds at `/run/secrets/NAME`. */
export function secretFile({ secrets }: Compose, name: string): string {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`The compose file has no secret "${name}"`);
  return join(ROOT, secret.file);
}

/** The environment of a service as its process gets it, but with the files of its secrets where they are in the checkout. */
export function environmentOf(compose: Compose, service: ComposeService): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => {
      const [, secret] = /^\/run\/secrets\/(.+)$/.exec(String(value)) ?? [];
      return [name, secret === undefined ? String(value) : secretFile(compose, secret)];
    }),
  );
}
