import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { LocalError } from '../errors.ts';
import { readFindings, whyHarmless } from '../packaging/read-findings.ts';
import { ROOT } from '../paths.ts';

const LEVITATE = '@grafana/levitate@0.17.2';
const PACKAGES = ['data', 'ui', 'runtime', 'schema'];
/** The newest version of each line of Grafana of which npm has all four packages. */
const VERSIONS = ['12.3.3', '13.0.2', '13.1.3', '13.2.3'];

/**
 * `npm run plugin:compatibility`: compares what the data source uses of Grafana's packages with what other versions have, by
 * Grafana's own tool, which fetches them. Some 35 CPU-seconds for each version.
 * @throws {LocalError} `plugin_unsound` when a version lacks something that is needed
 */
export async function pluginCompatibility(): Promise<void> {
  const harmful: string[] = [];
  for (const version of VERSIONS) {
    const said = await levitate(version);
    const findings = readFindings(said);
    if (findings.length === 0 && !said.includes('compatible with')) {
      throw new LocalError(
        'plugin_unsound',
        `${LEVITATE} did not compare with ${version}:\n${said.slice(-500)}`,
      );
    }
    const bad = findings.filter((finding) => whyHarmless(finding) === undefined);
    harmful.push(...bad.map(({ what, name, place }) => `${version}: ${what} ${name}, used in ${place}`));
    console.log(`${version}: ${bad.length === 0 ? 'compatible' : 'not compatible'}`);
    const told = new Set(
      findings.map((finding) => `  ${finding.name.split('.')[0]}: ${whyHarmless(finding)}`),
    );
    if (bad.length === 0) for (const line of told) console.log(line);
  }
  if (harmful.length > 0) {
    throw new LocalError(
      'plugin_unsound',
      `Versions lack what the data source uses:\n  ${harmful.join('\n  ')}`,
    );
  }
}

/** What the tool says. It ends with 1 for every difference, harmful or not. */
async function levitate(version: string): Promise<string> {
  const target = PACKAGES.map((name) => `@grafana/${name}@${version}`).join(',');
  const asked = ['is-compatible', '--force', '--path', 'src/module.ts', '--target', target];
  const child = spawn('npm', ['exec', '--yes', `--package=${LEVITATE}`, '--', 'levitate', ...asked], {
    cwd: join(ROOT, 'grafana-plugin'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = await Promise.all([text(child.stdout), text(child.stderr)]);
  return stripVTControlCharacters(said.join('\n'));
}
