import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComposeService, readCompose } from '../../provisioning/compose-file.ts';
import { runOptions, type Surroundings } from './run-options.ts';

const PLACE: Surroundings = { hosts: ['kafka'], secretFile: (name) => `/files/${name}` };
const NETWORK = ['--network', 'host', '--add-host', 'kafka:127.0.0.1'];
const optionsOf = (service: Partial<ComposeService>) =>
  runOptions({ image: 'storepulse/part', ...service }, PLACE).slice(NETWORK.length);

test('a container shares the network, and finds the others by their names', () => {
  assert.deepEqual(runOptions({ image: 'storepulse/part' }, PLACE), NETWORK);
});

test('a container has the bounds of its service', () => {
  assert.deepEqual(
    optionsOf({
      user: 'node',
      read_only: true,
      tmpfs: ['/tmp'],
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: 512,
      mem_limit: '512m',
      stop_grace_period: '15s',
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    }),
    [
      ...['--user', 'node', '--read-only', '--tmpfs', '/tmp', '--init', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges', '--pids-limit', '512', '--memory', '512m'],
      ...['--stop-timeout', '15', '--log-driver', 'k8s-file', '--log-opt', 'max-size=10m'],
    ],
  );
});

test('a container has the settings, volumes and secrets of its service', () => {
  assert.deepEqual(
    optionsOf({ environment: { A: 'b c', N: 1 }, volumes: ['access:/access'], secrets: ['key'] }),
    [
      '--env',
      'A=b c',
      '--env',
      'N=1',
      '--volume',
      'access:/access',
      '--volume',
      '/files/key:/run/secrets/key:ro',
    ],
  );
});

test('what nothing does is refused, so that it is not left out in silence', () => {
  const service = { userns_mode: 'host' } as Partial<ComposeService>;
  assert.throws(() => optionsOf(service), /Nothing here does what the compose file says in userns_mode/);
  assert.throws(() => optionsOf({ stop_grace_period: '1m30s' }), /"1m30s" is not a number of seconds/);
});

test('every service of ours in the compose file can be translated', () => {
  const built = Object.entries(readCompose().services).filter(([, { build }]) => build?.target === 'part');
  assert.deepEqual(
    built.map(([name]) => name),
    ['processor', 'exporter', 'collector', 'archiver', 'warehouse', 'simulator'],
  );
  for (const [, service] of built) runOptions(service, PLACE);
});
