/** The names that Kafka gives an error and what caused it, such as `MESSAGE_TOO_LARGE`; kafkajs wraps them. */
export function errorTypes(error: unknown): string[] {
  const types: string[] = [];
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { type } = inner as { type?: unknown };
    if (typeof type === 'string') types.push(type);
  }
  return types;
}
