import { runMatrix } from '../chaos/program.ts';
import { network } from '../chaos/rows/network.ts';
import { SECURITY_ROWS } from './rows.ts';

await runMatrix({
  name: 'test:security',
  description: 'Attacks every HTTP part, and holds what it answers, stores and logs against what must be',
  // What a network does to the parts is what an attacker on it can do: it takes the longest, and so is last.
  rows: [...SECURITY_ROWS, network],
});
