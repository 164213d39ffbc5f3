import { freePorts } from '../processes/free-ports.ts';
import { createGuard } from '../processes/guard.ts';
import { createService, type Service } from '../processes/service.ts';
import { partService, partUrl } from './part-service.ts';
import { type PartName, partNamed } from './stack.ts';

/** A part that is ready. It can be stopped, killed and started again on the same port. */
export interface RunningPart {
  /** Where it answers, e.g. `http://127.0.0.1:41234`. */
  url: string;
  /** `pid`, `logFile`, `start`, `stop`, `kill`, `restart`. */
  service: Service;
  /** Stops it for good. */
  stop(): Promise<void>;
}

/**
 * Starts one part as `npm start` does and returns when it is ready; it ends with this process.
 * @param settings added to this process's environment; without `<NAME>_PORT` a free port is taken
 * @param dataDir folder for its log and pid file
 * @param program what to run in the part’s place, from the root of the checkout; it answers as the part does
 * @throws {LocalError} `start_failed` with the last lines of its log
 */
export async function startPart(
  name: PartName,
  settings: Record<string, string>,
  dataDir: string,
  program?: string,
): Promise<RunningPart> {
  const part = { ...partNamed(name), ...(program ? { main: program } : {}) };
  const [port] = await freePorts(1);
  const environment = { ...process.env, [`${name.toUpperCase()}_PORT`]: String(port), ...settings };
  const guard = createGuard();
  const service = createService(partService(part, environment), { folder: dataDir, guard });
  const stop = async () => {
    await service.stop();
    await guard.close();
  };
  try {
    await service.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: partUrl(part, environment), service, stop };
}
