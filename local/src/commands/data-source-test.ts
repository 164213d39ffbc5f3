import { buildStale } from '../build.ts';
import { ROOT } from '../paths.ts';
import { testEnvironment } from '../testing/environment.ts';
import { deepTests } from './deep-tests.ts';

/**
 * `npm run test:data-source`: the data source in a browser, further than `npm test` goes: hostile names, the keyboard alone,
 * widths, requests and time of drawing, and how soon a live panel moves. Ends with its exit status.
 * @param args parts of file names, such as `live`. @default all files
 */
export async function dataSourceTest(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await buildStale(ROOT);
  await deepTests('tests/data-source', testEnvironment(environment), args);
}
