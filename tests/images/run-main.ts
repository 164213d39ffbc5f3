import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServers } from '@storepulse/local';
import { createTerminal } from '@storepulse/local/screen/terminal';
import { readCompose, secretFile } from '../provisioning/compose-file.ts';
import { parseExposition } from '../support/figures/prometheus.ts';
import { until } from '../support/until.ts';
import { type Container, startContainer } from './container.ts';
import { createPodman, type Podman } from './podman.ts';
import { runOptions, type Surroundings } from './support/run-options.ts';
import { createSteps } from './support/steps.ts';

/** In the order in which they are started; they are stopped in the reverse one. */
const PARTS = ['processor', 'exporter', 'collector', 'archiver', 'warehouse', 'simulator'];
/** Where the parts find the servers, as the compose file tells them. */
const PORTS = { kafka: 9092, kafkaController: 9093, mongodb: 27_017 };
/** So many events per second, that there is something to count. */
/** The archiver writes what it has after half a minute. */
const LAKE_MS = 180_000;
const compose = readCompose({ SIMULATOR_RATE: '50' });
const { services } = compose;
const surroundings: Surroundings = {
  hosts: Object.keys(services),
  secretFile: (name) => secretFile(compose, name),
};
const { print } = createTerminal(process.stdout);
const step = createSteps(process.stdout);

/** Runs the images that were built against a Kafka and a MongoDB: `run-main.ts FOLDER`, in a network of its own. */
async function main(folder: string): Promise<void> {
  const dataDir = join(folder, 'servers');
  const servers = await step('Kafka and MongoDB serve', () =>
    startServers({ dataDir, ports: PORTS, shortLived: true }),
  );
  const podman = await createPodman(folder);
  try {
    await checkParts(podman);
  } finally {
    await podman('rm', '--all', '--force', '--time=0');
    await servers.stop();
  }
}

async function checkParts(podman: Podman): Promise<void> {
  const containers = new Map<string, Container>();
  for (const part of PARTS) {
    const service = services[part]!;
    await step(`${part} is healthy: ${service.healthcheck!.test.slice(1).join(' ')}`, async () => {
      const container = await startContainer(podman, part, service, surroundings);
      containers.set(part, container);
      await container.untilHealthy();
    });
  }
  await step(
    'none is root, has a capability or can write to its root; each has its limit of memory',
    async () => {
      for (const container of containers.values()) await container.checkBounds();
    },
  );
  await step('the exporter shows orders of the simulator', () =>
    until('orders are shown', shownOrders, (orders) => orders > 0),
  );
  await step('the image of Grafana has the data source where Grafana looks for it', () =>
    checkPlugin(podman),
  );
  print(await step('what is shown is what the simulator has sent', () => verify(podman)));
  await step('the warehouse is made of what the archiver has written', () =>
    until(
      'days are made of the lake',
      () => containers.get('warehouse')!.run('node', 'warehouse/src/main.ts', 'run').catch(String),
      (said) => /^[1-9]\d* days made anew/m.test(said),
      LAKE_MS,
    ),
  );
  for (const part of PARTS.toReversed()) {
    const grace = services[part]!.stop_grace_period;
    await step(`${part} stops by itself within ${grace}, with status 0`, () => containers.get(part)!.stop());
  }
}

/** Orders of all shops, as the exporter shows them to Prometheus. */
async function shownOrders(): Promise<number> {
  const key = readFileSync(secretFile(compose, 'exporter-api-key'), 'utf8').trim();
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch('http://127.0.0.1:9464/metrics', { headers });
  assert.equal(answer.status, 200);
  const samples = parseExposition(await answer.text());
  return samples
    .filter(({ name }) => name === 'storepulse_orders_total')
    .reduce((sum, { value }) => sum + Number(value), 0);
}

/** Grafana itself is not in the image here: what it would be built upon can't be had without a registry of images. */
async function checkPlugin(podman: Podman): Promise<void> {
  const { image } = services.grafana!;
  const list = 'ls "$GF_PATHS_PLUGINS/$GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS"';
  const files = await podman(
    'run',
    '--rm',
    '--pull=never',
    '--network=none',
    '--entrypoint=sh',
    image,
    '-c',
    list,
  );
  for (const file of ['module.js', 'plugin.json']) assert.ok(files.split('\n').includes(file), files);
}

/** The program of `npm run verify`, from the simulator's image. @returns what it says when all agrees */
async function verify(podman: Podman): Promise<string> {
  const { simulator, exporter } = services;
  const { image, user, environment, secrets = [] } = simulator!;
  const service = {
    ...{ image, user: user! },
    environment: {
      ...exporter!.environment,
      ...environment,
      EXPORTER_API_KEY_FILE: '/run/secrets/exporter-api-key',
    },
    secrets: [...secrets, 'exporter-api-key'],
  };
  const options = runOptions(service, surroundings);
  return podman('run', '--rm', '--pull=never', ...options, image, 'node', 'simulator/src/verify-main.ts');
}

await main(process.argv[2]!);
