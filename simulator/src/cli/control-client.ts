import { SimulatorError } from '../errors.ts';

/** Talks to a simulator's control interface. */
export interface ControlClient {
  /**
   * Sends a request and reads its answer.
   * @throws {SimulatorError} `control-unreachable`, or `refused` with what the simulator said.
   */
  request<T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>;
}

/** @param url e.g. `http://127.0.0.1:8089` */
export function createControlClient(url: string, apiKey: string | undefined): ControlClient {
  return {
    request: async <T>(method: string, path: string, body?: object): Promise<T> => {
      const response = await send(new URL(path, url), {
        method,
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await response.text();
      if (!response.ok)
        throw new SimulatorError('refused', detailOf(text) ?? `${response.status} from ${url}`);
      return JSON.parse(text) as T;
    },
  };
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new SimulatorError(
      'control-unreachable',
      `No simulator answers at ${url.origin}. Is it running (npm start)? SIMULATOR_URL names another address.`,
      { cause: error },
    );
  }
}

function detailOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { detail?: string }).detail;
  } catch {
    return undefined;
  }
}
