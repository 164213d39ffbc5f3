import { PORTS, setting } from '@storepulse/contracts';
import { Type } from 'typebox';

/** Settings of programs that read the ledger: where the simulator is, and its key. */
export const simulatorAddress = {
  simulator: setting(
    'SIMULATOR_URL',
    Type.String({
      default: `http://127.0.0.1:${PORTS.simulator}`,
      pattern: '^https?://',
      description: 'address of the simulator',
    }),
  ),
  apiKey: setting('SIMULATOR_API_KEY', Type.Optional(Type.String({ description: 'key of the simulator' })), {
    secret: true,
  }),
};
