import { firstValueFrom, Subject } from 'rxjs';
import { createInFlightSharing } from './shareInFlight';

/** A request that the test answers, counting how often it was started. */
function controlled() {
  const answer = new Subject<string>();
  const state = { started: 0 };
  const request = () => {
    state.started += 1;
    return answer.asObservable();
  };
  return { answer, state, request };
}

test('equal requests at the same time are sent once and both answered', async () => {
  const share = createInFlightSharing();
  const { answer, state, request } = controlled();
  const first = firstValueFrom(share('key', request));
  const second = firstValueFrom(share('key', request));
  answer.next('answer');
  expect(await Promise.all([first, second])).toEqual(['answer', 'answer']);
  expect(state.started).toBe(1);
});

test('different requests are sent each', () => {
  const share = createInFlightSharing();
  const { state, request } = controlled();
  share('one', request).subscribe();
  share('two', request).subscribe();
  expect(state.started).toBe(2);
});

test('an answered request is sent anew when asked again', () => {
  const share = createInFlightSharing();
  const { answer, state, request } = controlled();
  share('key', request).subscribe();
  answer.complete();
  share('key', request).subscribe();
  expect(state.started).toBe(2);
});

test('a request is cancelled when nobody waits for it any more, not before', () => {
  const share = createInFlightSharing();
  const { answer, request } = controlled();
  const first = share('key', request).subscribe();
  const second = share('key', request).subscribe();
  first.unsubscribe();
  expect(answer.observed).toBe(true);
  second.unsubscribe();
  expect(answer.observed).toBe(false);
});
