import type { Exit, Service } from '@storepulse/local';

/** Sends SIGTERM to a service that serves, as an operator would, and returns how it ended by itself. */
export function terminate(service: Service): Promise<Exit> {
  return new Promise((resolve) => {
    service.onUnexpectedExit(resolve);
    process.kill(service.pid!, 'SIGTERM');
  });
}
