import { type Caller, mayUseShop } from '@storepulse/http';
import type { AnswerDeps } from './answer.ts';

/** The same for a caller who may not see all shops: another's shop is for them as one that there is not. */
export function seenBy(caller: Caller, deps: AnswerDeps): AnswerDeps {
  if (caller.shops === 'all') return deps;
  return {
    ...deps,
    readState: async (now) => {
      const state = await deps.readState(now);
      return { ...state, shops: new Map([...state.shops].filter(([shop]) => mayUseShop(caller, shop))) };
    },
  };
}
