import { finalize, type Observable, share } from 'rxjs';

/**
 * Makes equal requests that run at the same time one: who asks while the answer is under way gets the same answer.
 * The request is cancelled when the last of them unsubscribes; nothing is kept after it ended.
 */
export function createInFlightSharing() {
  const inFlight = new Map<string, Observable<unknown>>();

  return function shareInFlight<T>(key: string, request: () => Observable<T>): Observable<T> {
    const running = inFlight.get(key);
    if (running) {
      return running as Observable<T>;
    }
    const shared = request().pipe(
      finalize(() => inFlight.delete(key)),
      share(),
    );
    inFlight.set(key, shared);
    return shared;
  };
}
