import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from '../errors.ts';
import { endOrphans } from '../parts/orphans.ts';
import { readRunState } from '../parts/run-file.ts';
import { dataFolder } from '../paths.ts';
import { cacheFolder } from '../programs/cache-folder.ts';
import { showProgress } from '../screen/bars.ts';
import { startServers } from '../servers/start-servers.ts';
import { readStackSettings } from '../settings.ts';
import { runPartProgram } from './part-program.ts';

const MAIN = 'processor/src/rebuild-main.ts';

/**
 * `npm run rebuild`: counts a metric from the log. On the running stack, on the servers that the environment names, or,
 * since a processor does not start with a changed metric, on the local servers started for as long as it takes. Ends
 * with its exit status.
 * @param args passed on as they are
 * @throws {LocalError} `not_running` when nothing has been stored yet
 */
export async function rebuild(environment: NodeJS.ProcessEnv, args: string[]): Promise<void> {
  const folder = dataFolder(environment);
  const running = readRunState(folder)?.settings;
  const asksForHelp = args.includes('--help') || args.includes('-h');
  if (running || asksForHelp) return runPartProgram(MAIN, args, environment, running ?? {});

  const { given } = readStackSettings(environment);
  if (given.kafka && given.mongodb) return runPartProgram(MAIN, args, environment, {});

  if (!existsSync(join(folder, 'mongodb')) && !given.mongodb) {
    throw new LocalError(
      'not_running',
      `Nothing has been stored in ${folder} yet: there is nothing to rebuild. Start it first: npm start`,
    );
  }
  await endOrphans(folder);
  const progress = showProgress(process.stderr);
  const servers = await startServers({
    dataDir: folder,
    kafka: !given.kafka,
    mongo: !given.mongodb,
    find: { environment, cacheFolder: cacheFolder(environment), progress },
  });
  try {
    const settings = {
      ...(given.kafka ? {} : { KAFKA_BROKERS: servers.kafkaBrokers }),
      ...(given.mongodb ? {} : { MONGODB_URI: servers.mongoUri }),
    };
    await runPartProgram(MAIN, args, environment, settings);
  } finally {
    progress.close();
    await servers.stop();
  }
}
