import { runMatrix } from '../chaos/program.ts';
import { SECURITY_ROWS } from './rows.ts';

await runMatrix({
  name: 'test:security',
  description: 'Attacks every HTTP part, and holds what it answers, stores and logs against what must be',
  rows: SECURITY_ROWS,
});
