import { freePorts } from '@storepulse/local';
import { STACK } from '@storepulse/local/parts/stack';
import { ServerPortsSchema, variablesOf } from '@storepulse/local/settings';

const VARIABLES = [
  ...variablesOf(ServerPortsSchema).map(({ env }) => env),
  ...STACK.map(({ name }) => `${name.toUpperCase()}_PORT`),
];

/**
 * The caller's environment for a whole stack of its own: on ports that are free, so that it may run beside others.
 * @param folder of its data
 */
export async function ownEnvironment(folder: string): Promise<NodeJS.ProcessEnv> {
  const ports = await freePorts(VARIABLES.length);
  return {
    ...process.env,
    ...Object.fromEntries(VARIABLES.map((name, index) => [name, String(ports[index])])),
    STOREPULSE_DATA: folder,
  };
}
