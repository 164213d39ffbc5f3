/** A command that reads its options itself, in the program that it runs. */
export interface OwnOptionsCommand {
  readonly name: string;
  /** What a user calls it by: `npm run <script>`. */
  readonly script: string;
  readonly summary: string;
  readonly description: string;
  /** Loads what runs it: a command costs its own modules, not those of all others. */
  readonly load: () => Promise<(environment: NodeJS.ProcessEnv, args: string[]) => Promise<void>>;
}

/** The commands that pass their options on. */
export const OWN_OPTIONS_COMMANDS: readonly OwnOptionsCommand[] = [
  {
    name: 'replay',
    script: 'replay',
    summary: 'replay a file of past orders into a shop',
    description: 'Runs the replay against the running stack.',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    name: 'sim',
    script: 'sim',
    summary: 'steer the synthetic traffic',
    description: 'Sets rate, profile, faults and scenarios of the simulator.',
    load: async () => (await import('./commands/sim.ts')).sim,
  },
  {
    name: 'gameday',
    script: 'gameday',
    summary: 'let something go wrong, and wait for its alert',
    description: 'Plays scenarios in the running stack and shows which alerts fire.',
    load: async () => (await import('./commands/gameday.ts')).gameday,
  },
  {
    name: 'verify',
    script: 'verify',
    summary: 'compare what is shown with what must be',
    description: 'Compares the running stack with the ledger of its simulator.',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'dead-letters',
    script: 'dead-letters',
    summary: 'look at what could not be counted, and put it back',
    description: 'Lists, shows and replays the records of the topic dead-letter.',
    load: async () => (await import('./commands/dead-letters.ts')).deadLetters,
  },
  {
    name: 'rebuild',
    script: 'rebuild',
    summary: 'count a metric anew from the log',
    description: 'Counts a new or changed metric from the log; other metrics go on.',
    load: async () => (await import('./commands/rebuild.ts')).rebuild,
  },
  {
    name: 'warehouse',
    script: 'warehouse',
    summary: 'bring the warehouse up to date',
    description: 'Runs, back-fills and tests the SQL models over the archive of events.',
    load: async () => (await import('./commands/warehouse.ts')).warehouse,
  },
  {
    name: 'reconcile',
    script: 'reconcile',
    summary: 'compare the stream with the warehouse and the ledger',
    description: 'Compares every metric by every dimension and day; exits with 1 when some differ.',
    load: async () => (await import('./commands/warehouse.ts')).reconcile,
  },
  {
    name: 'keys',
    script: 'keys',
    summary: 'manage who may use the parts',
    description: 'Makes, lists, replaces and revokes keys.',
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  {
    name: 'chaos',
    script: 'test:chaos',
    summary: 'let faults happen, and hold what is shown against what must be',
    description: 'Runs the matrix of faults on servers of its own.',
    load: async () => (await import('./commands/chaos.ts')).chaos,
  },
  {
    name: 'security',
    script: 'test:security',
    summary: 'attack every HTTP part',
    description: 'Runs the rows of security on servers of its own.',
    load: async () => (await import('./commands/security.ts')).security,
  },
  {
    name: 'warehouse-test',
    script: 'test:warehouse',
    summary: 'hold the warehouse against stream and ledger',
    description: 'Eight days of every fault, and dbt where it is installed.',
    load: async () => (await import('./commands/warehouse-test.ts')).warehouseTest,
  },
  {
    name: 'data-source-test',
    script: 'test:data-source',
    summary: 'try the data source in a browser, further than npm test does',
    description: 'Hostile names, the keyboard alone, widths, requests and time of drawing, live panels.',
    load: async () => (await import('./commands/data-source-test.ts')).dataSourceTest,
  },
  {
    name: 'gameday-test',
    script: 'test:gameday',
    summary: 'play every scenario in a stack of its own',
    description: 'Every scenario must raise its alert and no other.',
    load: async () => (await import('./commands/gameday-test.ts')).gamedayTest,
  },
  {
    name: 'dashboards',
    script: 'test:dashboards',
    summary: 'open every dashboard in a browser',
    description: 'No panel may be without data or show an error.',
    load: async () => (await import('./commands/dashboards.ts')).dashboards,
  },
  {
    name: 'images',
    script: 'test:images',
    summary: 'build the container images and run them',
    description: 'Builds and runs the images of the compose file without Docker.',
    load: async () => (await import('./commands/images.ts')).images,
  },
];
