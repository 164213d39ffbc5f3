import { DataFrameType } from '@grafana/data';
import { toLogFrame } from './toLogFrame';

const order = {
  ...{
    type: 'order_placed',
    eventId: 'e-1',
    eventTime: 2_000,
    shop: 'demo',
    visitorId: 'v 1',
    sessionId: null,
  },
  ...{ device: 'mobile', channel: null, country: 'France', orderId: 'o-1', currency: 'EUR', total: 32.5 },
  lines: [{ sku: 'A', quantity: 2 }],
};
const review = {
  type: 'review_submitted',
  eventId: 'e-0',
  eventTime: 1_000,
  shop: 'demo',
  rating: 4,
  text: 'a="b"',
};
const options = {
  ...{ refId: 'A', shop: 'demo', sent: 'GET /api/v1/events?shop=demo', remarks: [] },
  source: { uid: 'storepulse', name: 'Storepulse' },
};
const list = (next: string | null = null) => ({ events: [order, review], next, currency: 'EUR' });
const columns = () =>
  Object.fromEntries(toLogFrame(list(), options).fields.map(({ name, values }) => [name, values]));

test('events are log lines as Grafana knows them: time, body, severity, id and labels', () => {
  const { meta } = toLogFrame(list(), options);
  expect(meta).toMatchObject({
    type: DataFrameType.LogLines,
    preferredVisualisationType: 'logs',
    executedQueryString: 'GET /api/v1/events?shop=demo',
  });
  expect(columns()).toMatchObject({
    timestamp: [2_000, 1_000],
    severity: ['info', 'info'],
    id: ['e-1', 'e-0'],
    labels: [
      { type: 'order_placed', orderId: 'o-1', country: 'France', device: 'mobile' },
      { type: 'review_submitted' },
    ],
  });
});

test('a line says what happened, then the rest of the event as name=value, quoted where it has to be', () => {
  expect(columns().body).toEqual([
    'order_placed visitorId="v 1" device=mobile country=France orderId=o-1 currency=EUR total=32.5 lines="[{\\"sku\\":\\"A\\",\\"quantity\\":2}]"',
    'review_submitted rating=4 text="a=\\"b\\""',
  ]);
});

test('the order of an event leads to the events of that order, and an event of none leads nowhere', () => {
  const field = toLogFrame(list(), options).fields.find(({ name }) => name === 'orderId');
  expect(field?.values).toEqual(['o-1', null]);
  expect(field?.config.links?.[0]).toMatchObject({
    title: `Events of order "\${__value.raw}"`,
    internal: {
      datasourceUid: 'storepulse',
      query: {
        ...{ queryType: 'events', shop: 'demo' },
        filters: [{ dimension: 'orderId', operator: 'in', values: [`\${__value.raw}`] }],
      },
    },
  });
});

test('that there are more events is said: nothing is cut off in silence', () => {
  expect(toLogFrame(list(), options).meta?.notices).toEqual([]);
  expect(toLogFrame(list('more'), options).meta?.notices?.[0]?.text).toMatch(
    /^The latest 2 events .* there are more/,
  );
});
