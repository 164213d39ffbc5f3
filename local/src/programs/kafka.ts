import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fetchArchive } from './archive.ts';
import type { Recipe, Source } from './find-program.ts';
import { onPath } from './on-path.ts';
import { PINS } from './pins.ts';
import { run } from './run.ts';

/** Kafka 4 or newer; `T` is the folder of its jars. `java` is what the Maven client runs on. */
export function kafkaRecipe(java: string): Recipe<string> {
  return {
    title: 'Kafka',
    variable: 'KAFKA_HOME',
    named: async (home) => jarsIn(join(home, 'libs')),
    onMachine: async () => {
      const script = onPath(['kafka-server-start.sh', 'kafka-server-start']);
      const home = script && dirname(dirname(realpathSync(script)));
      return home ? (jarsIn(join(home, 'libs')) ?? jarsIn(join(home, 'libexec', 'libs'))) : undefined;
    },
    inFolder: (folder) => jarsIn(join(folder, 'libs')),
    sources: [mavenSource(java), archiveSource],
    advice: 'install Maven (or Kafka 4 itself), or name a cluster that runs already in KAFKA_BROKERS',
  };
}

/** The folder, when it holds the jars of a Kafka that needs no ZooKeeper and logs by log4j2. */
function jarsIn(libs: string): string | undefined {
  if (!existsSync(libs)) return undefined;
  const major = readdirSync(libs).map((name) => /^kafka_2\.\d+-(\d+)\./.exec(name)?.[1]);
  return major.some((version) => Number(version) >= 4) ? libs : undefined;
}

const { version, scala, log4j, mavenDependencyPlugin } = PINS.kafka;

const archiveSource: Source = {
  name: "Kafka's release archive",
  folder: `kafka-${version}`,
  fetch(into, task) {
    const url = `https://archive.apache.org/dist/kafka/${version}/kafka_${scala}-${version}.tgz`;
    return fetchArchive({ url, checksum: { url: `${url}.sha512`, algorithm: 'sha512' } }, into, task);
  },
};

/** How many files Maven downloads for Kafka into an empty repository, for the progress bar. */
const MAVEN_DOWNLOADS = 420;
const MAVEN_TIMEOUT_MS = 300_000;

function mavenSource(java: string): Source {
  return {
    name: 'the Maven client',
    folder: `kafka-maven-${version}`,
    async fetch(into, task) {
      const maven = onPath(['mvn']);
      if (!maven) throw new Error('there is no mvn on PATH');
      const repository = join(into, 'repository');
      await writeFile(join(into, 'pom.xml'), kafkaPom());
      let downloads = 0;
      await run(
        maven,
        [
          '--batch-mode',
          '--strict-checksums',
          `-Dmaven.repo.local=${repository}`,
          `org.apache.maven.plugins:maven-dependency-plugin:${mavenDependencyPlugin}:copy-dependencies`,
          '-DincludeScope=runtime',
          `-DoutputDirectory=${join(into, 'libs')}`,
        ],
        {
          cwd: into,
          timeoutMs: MAVEN_TIMEOUT_MS,
          env: {
            ...process.env,
            JAVA_HOME: process.env.JAVA_HOME ?? dirname(dirname(realpathSync(java))),
          },
          onLine: (line) => {
            if (line.includes('Downloaded from')) task.update(Math.min(1, ++downloads / MAVEN_DOWNLOADS));
          },
        },
      );
      await rm(repository, { recursive: true });
    },
  };
}

/** A project that depends on Kafka's broker and on what it logs with. */
function kafkaPom(): string {
  const dependency = (group: string, artifact: string, release: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${release}</version></dependency>`;
  const logging = ['log4j-core', 'log4j-slf4j-impl', 'log4j-1.2-api'];
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>storepulse</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', `kafka_${scala}`, version)}
    ${logging.map((artifact) => dependency('org.apache.logging.log4j', artifact, log4j)).join('\n    ')}
  </dependencies>
</project>
`;
}
