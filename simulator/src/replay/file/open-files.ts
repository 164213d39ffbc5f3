import { realpath } from 'node:fs/promises';
import type { FormOptions } from '@storepulse/contracts/sales/form';
import { SimulatorError } from '../../errors.ts';
import { detectForm } from './detect-form.ts';
import type { ReplayFile } from './replay-file.ts';

/**
 * Tells the form of each file.
 * @param now epoch ms
 * @throws {SimulatorError} when one can't be read or its form is not plain (see `detectForm`), or is given twice
 */
export async function openFiles(
  paths: readonly string[],
  options: FormOptions,
  now: number,
): Promise<readonly ReplayFile[]> {
  const files: ReplayFile[] = [];
  const given = new Set<string>();
  for (const path of paths) {
    const form = await detectForm(path, options, now);
    const real = await realpath(path);
    if (given.has(real)) throw new SimulatorError('file-unreadable', `${path} is given twice after --file.`);
    given.add(real);
    files.push({ path, form });
  }
  return files;
}
