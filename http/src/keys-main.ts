import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { readSettings, SettingsError } from '@storepulse/contracts';
import { KeyFileError } from './access/key-file.ts';
import { openKeys } from './keys/keys.ts';
import { createKeysProgram } from './keys/program.ts';
import { AccessSettingsSchema } from './settings.ts';

/** Who is told in the audit; a user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

const open = () => {
  const { accessFolder } = readSettings(AccessSettingsSchema, process.env);
  if (accessFolder === undefined)
    throw new SettingsError(
      'ACCESS_FOLDER is not set: name the folder that the parts are started with, such as ACCESS_FOLDER=./access',
    );
  return openKeys(resolve(accessFolder), () => Date.now(), userName());
};

try {
  await createKeysProgram(open, console.log).parseAsync();
} catch (error) {
  if (!(error instanceof KeyFileError || error instanceof SettingsError)) throw error;
  console.error(`keys: ${error.message}`);
  process.exitCode = 1;
}
