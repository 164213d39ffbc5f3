import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../../provisioning/compose-file.ts';
import { baseImagesOf } from './dockerfile.ts';

test('base images are those that no stage makes, each once, with the versions that the file sets', () => {
  const dockerfile = `
ARG NODE_VERSION=24.0.1
FROM node:\${NODE_VERSION}-slim AS manifests
FROM manifests AS dependencies
FROM node:\${NODE_VERSION}-slim AS part
FROM grafana/grafana:12.0.0
`;
  assert.deepEqual(baseImagesOf(dockerfile), ['node:24.0.1-slim', 'grafana/grafana:12.0.0']);
});

test('ours build upon Node and Grafana, at pinned versions', () => {
  const bases = baseImagesOf(readText('docker/Dockerfile'));
  assert.deepEqual(
    bases.map((image) => image.replace(/\d+\.\d+\.\d+/, 'VERSION')),
    ['node:VERSION-bookworm-slim', 'grafana/grafana:VERSION'],
  );
});
