import { deepTests } from './deep-tests.ts';

/**
 * `npm run test:warehouse`: eight days of every fault, a real shop's year, and dbt where it is installed. Ends with its exit
 * status.
 * @param args parts of file names, such as `dbt`. @default all files
 */
export async function warehouseTest(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  await deepTests('tests/warehouse/deep', environment, args);
}
