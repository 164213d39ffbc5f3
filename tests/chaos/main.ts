import { runMatrix } from './program.ts';
import { ROWS } from './rows.ts';

await runMatrix({
  name: 'test:chaos',
  description:
    'Lets faults happen to real processes and servers, and holds what is shown against what must be',
  rows: ROWS,
});
