import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ArchiverSettingsSchema } from '@storepulse/archiver/settings';
import { CollectorSettingsSchema } from '@storepulse/collector/settings';
import {
  KafkaSettingsSchema,
  MongoSettingsSchema,
  PORTS,
  readSettings,
  serverSettingsSchema,
} from '@storepulse/contracts';
import { ExporterOwnSettingsSchema } from '@storepulse/exporter/settings';
import { AccessSettingsSchema, listenerSettingsSchema, parseKeys, policySettings } from '@storepulse/http';
import { LakeSettingsSchema } from '@storepulse/lake';
import { PINS } from '@storepulse/local/programs/pins';
import { ProcessorSettingsSchema } from '@storepulse/processor/settings';
import { SimulatorSettingsSchema } from '@storepulse/simulator/settings';
import { WarehouseSettingsSchema } from '@storepulse/warehouse/settings';
import { Type } from 'typebox';
import { environmentOf, ROOT, readCompose, readText, secretFile } from './compose-file.ts';

const compose = readCompose();
const { services, volumes } = compose;
/** The settings of a service, as its process gets them. */
const settingsOf = (name: string) => environmentOf(compose, services[name]!);
const all = Object.entries(services);
const dockerfile = readText('docker/Dockerfile');
const packageFile = JSON.parse(readText('package.json')) as {
  workspaces: string[];
  devDependencies: Record<string, string>;
};
const inCheckout = (path: string) => existsSync(join(ROOT, path));

/** Our parts, with the settings that each reads. */
const PARTS = {
  processor: {
    ...KafkaSettingsSchema.properties,
    ...MongoSettingsSchema.properties,
    ...ProcessorSettingsSchema.properties,
  },
  exporter: {
    ...KafkaSettingsSchema.properties,
    ...MongoSettingsSchema.properties,
    ...LakeSettingsSchema.properties,
    ...ExporterOwnSettingsSchema.properties,
    ...AccessSettingsSchema.properties,
  },
  collector: {
    ...KafkaSettingsSchema.properties,
    ...CollectorSettingsSchema.properties,
    ...AccessSettingsSchema.properties,
  },
  archiver: {
    ...KafkaSettingsSchema.properties,
    ...MongoSettingsSchema.properties,
    ...LakeSettingsSchema.properties,
    ...ArchiverSettingsSchema.properties,
  },
  simulator: {
    ...KafkaSettingsSchema.properties,
    ...SimulatorSettingsSchema.properties,
    ...AccessSettingsSchema.properties,
  },
} as const;

for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[]) {
  const service = services[part]!;
  const schema = Type.Object({
    ...PARTS[part],
    ...serverSettingsSchema(part).properties,
    ...listenerSettingsSchema(part).properties,
  });

  test(`the ${part} takes its settings: each is known, and fits`, () => {
    const environment = settingsOf(part);
    const known = Object.values(schema.properties).map(
      (property) => (property as unknown as { env: string }).env,
    );
    assert.deepEqual(
      Object.keys(environment).filter((name) => !known.includes(name.replace(/_FILE$/, ''))),
      [],
    );
    assert.equal((readSettings(schema, environment) as { host: string }).host, '0.0.0.0');
  });

  test(`the ${part} runs its program, and is asked and published at its own port`, () => {
    const [program, main] = service.command!;
    assert.equal(program, 'node');
    assert.ok(inCheckout(main!), main);
    assert.deepEqual(service.ports, [`127.0.0.1:${PORTS[part]}:${PORTS[part]}`]);
    const asked = part === 'processor' || part === 'archiver' ? ['started'] : [];
    assert.deepEqual(service.healthcheck!.test, [
      ...['CMD', 'node', 'docker/ready.mjs', String(PORTS[part])],
      ...asked,
    ]);
  });
}

test('the warehouse runs daily over the archiver’s lake, with settings that it knows, and writes to its volume', () => {
  const { command, volumes: mounts } = services.warehouse!;
  assert.deepEqual(command, ['node', 'warehouse/src/main.ts', 'daily']);
  const environment = settingsOf('warehouse');
  const schemas = [WarehouseSettingsSchema, MongoSettingsSchema, LakeSettingsSchema];
  const known = schemas.flatMap(({ properties }) =>
    Object.values(properties).map((property) => (property as unknown as { env: string }).env),
  );
  const unknown = Object.keys(environment).filter(
    (name) => !known.includes(name) && !known.includes(name.replace(/_FILE$/, '')),
  );
  assert.deepEqual(unknown, []);
  const { file, cache, memoryMb, exporterKey } = readSettings(WarehouseSettingsSchema, environment);
  for (const path of [file, cache]) assert.match(path, /^\/warehouse\//);
  assert.ok(mounts!.includes('warehouse:/warehouse'));
  assert.equal(environment.LAKE_LOCATION, settingsOf('archiver').LAKE_LOCATION);
  assert.ok(memoryMb * 1.4 < Number.parseInt(services.warehouse!.mem_limit!, 10), 'Node needs memory too');
  assert.equal(exporterKey, readFileSync(secretFile(compose, 'exporter-api-key'), 'utf8').trim());
});

test('with the profile of the archiver, and without it not, the exporter reads the archiver’s lake and Kafka', async () => {
  const { command, volumes: mounts } = services.exporter!;
  const environment = settingsOf('exporter');
  assert.equal(environment.LAKE_LOCATION, settingsOf('archiver').LAKE_LOCATION);
  assert.equal(environment.KAFKA_BROKERS, settingsOf('archiver').KAFKA_BROKERS);
  assert.ok(mounts!.includes('lake:/lake:ro'), 'it only reads');
  const { depthFolder, depthMb } = readSettings(ExporterOwnSettingsSchema, environment);
  assert.ok(mounts!.includes(`depth:${depthFolder}`), 'what is temporary is memory there');
  assert.equal(depthMb, 0);
  const ofProfiles = (profiles: string) =>
    readCompose({ COMPOSE_PROFILES: profiles }).services.exporter!.command;
  assert.deepEqual(ofProfiles('demo,lake'), [...command!.slice(0, 2), 'demo,lake']);
  // With a setting that does not fit, the exporter ends before it reaches anything, and says what it was told.
  const told = async (profiles: string) => {
    const env = { ...process.env, EXPORTER_PORT: 'none', EXPORTER_DEPTH_MB: profiles === 'own' ? '7' : '' };
    const show = `process.on('exit', () => process.stdout.write(process.env.EXPORTER_DEPTH_MB))`;
    const options = ['--import', `data:text/javascript,${encodeURIComponent(show)}`];
    const ended = await new Promise<string>((resolve) =>
      execFile(process.execPath, [...options, command![1]!, profiles], { cwd: ROOT, env }, (_, stdout) =>
        resolve(stdout),
      ),
    );
    return ended;
  };
  assert.equal(await told('demo,monitoring'), '');
  assert.equal(await told('demo,lake'), '512');
  assert.equal(await told('own'), '7');
});

test('where other containers reach a part, it has keys, without which it would not start', () => {
  const host = '0.0.0.0';
  for (const [part, setting, scope] of [
    ['exporter', 'EXPORTER_API_KEYS', 'read'],
    ['collector', 'COLLECTOR_API_KEYS', 'ingest'],
    ['simulator', 'SIMULATOR_API_KEY', 'control'],
  ] as const) {
    const environment = settingsOf(part);
    const access = readSettings(AccessSettingsSchema, environment);
    assert.ok(services[part]!.volumes!.includes(`access:${access.accessFolder}`), part);
    const schema = Type.Object(PARTS[part]);
    const { apiKeys, apiKey } = readSettings(schema, environment) as { apiKeys?: string; apiKey?: string };
    const keys = apiKey === undefined ? parseKeys(apiKeys, setting) : [{ name: 'key', key: apiKey }];
    assert.equal(keys.length, 1, part);
    policySettings(part, host, {}, { setting, keys, scope });
    policySettings(part, host, access, { setting, keys: [], scope });
    assert.throws(
      () => policySettings(part, host, {}, { setting, keys: [], scope }),
      new RegExp(`can be reached from other machines: set ${setting} `),
    );
  }
  assert.match(dockerfile, /^RUN install -d -o node -g node \/access \/lake \/depth \/warehouse$/m);
});

test('Grafana and Prometheus have the key that the exporter asks for', () => {
  const { apiKeys } = readSettings(ExporterOwnSettingsSchema, settingsOf('exporter'));
  const [{ key } = { key: '' }] = parseKeys(apiKeys, 'EXPORTER_API_KEYS');
  assert.equal(readFileSync(secretFile(compose, 'exporter-api-key'), 'utf8').trim(), key);
  assert.equal(compose.secrets['exporter-api-key']!.file, './provisioning/prometheus/exporter.key');
  assert.match(readText('provisioning/prometheus/prometheus.yml'), /credentials_file: exporter\.key\n/);
  assert.match(
    services.grafana!.entrypoint!.join(' '),
    /EXPORTER_API_KEY=\$\(cat \/run\/secrets\/exporter-api-key\) /,
  );
});

test('every secret is a file that is there, is read by whom it is given to, and is in no environment', () => {
  for (const [name, { secrets = [], environment = {}, entrypoint = [] }] of all) {
    for (const secret of secrets) {
      assert.ok(existsSync(secretFile(compose, secret)), secret);
      const words = [...Object.values(environment), ...entrypoint].join(' ');
      assert.ok(words.includes(`/run/secrets/${secret}`), `${name} does not read ${secret}`);
    }
    const open = Object.keys(environment).filter((setting) => /(KEYS?|PASSWORD)$/.test(setting));
    assert.deepEqual(open, [], name);
  }
  const given = new Set(all.flatMap(([, { secrets = [] }]) => secrets));
  assert.deepEqual([...given].sort(), Object.keys(compose.secrets).sort());
});

test('without its profiles the compose file is what a shop of one’s own needs; by default all but the lake and the warehouse start', () => {
  const profiles = Object.fromEntries(all.flatMap(([name, { profiles: of }]) => (of ? [[name, of]] : [])));
  assert.deepEqual(profiles, {
    archiver: ['lake'],
    warehouse: ['lake'],
    simulator: ['demo'],
    prometheus: ['monitoring'],
    alertmanager: ['monitoring'],
    grafana: ['monitoring'],
  });
  assert.match(readText('.env'), /^COMPOSE_PROFILES=demo,monitoring$/m);
});

test('what is built and mounted is in the checkout', () => {
  for (const [name, { build, volumes: mounts = [] }] of all) {
    if (build) {
      assert.ok(inCheckout(build.dockerfile), name);
      assert.match(dockerfile, new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
    }
    for (const source of mounts.map((mount) => mount.split(':')[0]!)) {
      if (source.startsWith('.')) assert.ok(inCheckout(source), source);
      else assert.ok(source in volumes, source);
    }
  }
});

test('every image is pinned, every server has a health check, and all are waited for by name', () => {
  for (const [name, { image, build, healthcheck, depends_on = {} }] of all) {
    if (!build) assert.match(image, /:v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/, image);
    if (name !== 'mongodb-init')
      assert.ok(
        healthcheck!.test.every((word) => typeof word === 'string'),
        name,
      );
    for (const other of Object.keys(depends_on)) assert.ok(other in services, other);
  }
});

test('the servers of the compose file have the versions that npm start fetches and tests run on', () => {
  for (const [name, { version }] of Object.entries(PINS)) {
    const [, shipped] = /:v?([\d.]+)@/.exec(services[name]!.image)!;
    assert.equal(shipped, version, name);
  }
});

test('nothing is open to other machines', () => {
  for (const [name, { ports = [] }] of all)
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
});

test('no container has more rights than it needs, none fills the disk with logs or takes all memory', () => {
  for (const [name, service] of all) {
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.equal(service.cap_add, undefined, name);
    assert.equal(service.privileged, undefined, name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    assert.ok(service.user !== undefined && !/^(0|root)\b/.test(service.user), `${name} runs as root`);
    assert.match(service.mem_limit ?? '', /^\d+[mg]$/, name);
    assert.ok(service.pids_limit! > 0, name);
    assert.deepEqual(service.logging, {
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': '3' },
    });
  }
});

test('our parts, Prometheus and Alertmanager write to their volumes only', () => {
  const names = [
    'processor',
    'exporter',
    'simulator',
    'collector',
    'archiver',
    'warehouse',
    'prometheus',
    'alertmanager',
  ];
  for (const name of names) {
    assert.equal(services[name]!.read_only, true, name);
  }
});

test('the servers are bounded within their containers, as those of npm start are', () => {
  const megabytes = (size: string) => Number.parseInt(size, 10) * (size.endsWith('g') ? 1_024 : 1);
  const heap = /^-Xmx(\d+)m$/.exec(settingsOf('kafka').KAFKA_HEAP_OPTS!)!;
  assert.ok(Number(heap[1]) * 1.5 < megabytes(services.kafka!.mem_limit!));
  assert.ok(services.mongodb!.command!.includes('--wiredTigerCacheSizeGB=0.5'));
  assert.ok(megabytes(services.mongodb!.mem_limit!) >= 1_024);
  assert.ok(services.prometheus!.command!.includes('--storage.tsdb.retention.time=30d'));
  const { queryMemoryMb, windowCacheMb, factCacheMb } = readSettings(ExporterOwnSettingsSchema, {});
  assert.ok(queryMemoryMb + windowCacheMb + factCacheMb < megabytes(services.exporter!.mem_limit!) / 2);
});

test('Kafka makes no topic by itself: every topic has the retention that the contract names', () => {
  assert.equal(settingsOf('kafka').KAFKA_AUTO_CREATE_TOPICS_ENABLE, 'false');
});

test('Alertmanager has its configuration, and Prometheus its address', () => {
  assert.ok(services.alertmanager!.volumes!.includes('./provisioning/alertmanager:/etc/alertmanager:ro'));
  assert.match(readText('provisioning/prometheus/prometheus.yml'), /targets: \['alertmanager:9093'\]/);
});

test('the image has the pinned Node, and every workspace that the lock file speaks of', () => {
  assert.match(dockerfile, new RegExp(`^ARG NODE_VERSION=${packageFile.devDependencies.node}$`, 'm'));
  for (const workspace of packageFile.workspaces)
    assert.ok(dockerfile.includes(`COPY ${workspace}/package.json ${workspace}/\n`), workspace);
});

test('the image copies only what is in the checkout and not ignored', () => {
  const ignored = readText('.dockerignore').split('\n');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
    sources!.split(' '),
  );
  assert.ok(copied.length > 0);
  for (const source of copied) {
    assert.ok(inCheckout(source), source);
    assert.ok(!ignored.includes(source.split('/')[0]!), source);
  }
});

test('Grafana finds the data source: where it looks for plugins, under the name it trusts, at an address it is told', () => {
  const { id } = JSON.parse(readText('grafana-plugin/src/plugin.json')) as { id: string };
  assert.match(dockerfile, new RegExp(`GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=${id}\\n`));
  const [, folder] = /GF_PATHS_PLUGINS=(\S+)/.exec(dockerfile)!;
  assert.ok(dockerfile.includes(`/storepulse/grafana-plugin/dist ${folder}/${id}\n`));
  const files = ['storepulse', 'prometheus'].map((name) =>
    readText(`provisioning/grafana/datasources/${name}.yaml`),
  );
  const wanted = files.flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)]);
  const environment = settingsOf('grafana');
  const set = services.grafana!.entrypoint!.join(' ');
  for (const [, name] of wanted) assert.ok(name! in environment || set.includes(`${name}=`), name);
  assert.equal(environment.EXPORTER_URL, `http://exporter:${PORTS.exporter}`);
});

test('Grafana opens on a dashboard that is there', () => {
  const path = settingsOf('grafana').GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!;
  assert.ok(inCheckout(path.replace('/etc/grafana/provisioning/', 'provisioning/grafana/')), path);
});
