interface ValidationError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: { readonly requiredProperties?: readonly string[] };
}

/** The first faulty field of what a schema's errors tell, never its value, which may be personal. */
export function firstFault(errors: Iterable<unknown>): { path: string; message: string } {
  for (const { keyword, instancePath, message, params } of errors as Iterable<ValidationError>) {
    const [missing] = params.requiredProperties ?? [];
    if (keyword === 'required' && missing !== undefined)
      return { path: `${instancePath}/${missing}`, message: 'is missing' };
    return { path: instancePath, message: (message ?? 'does not fit').slice(0, 200) };
  }
  return { path: '', message: 'does not fit its schema' };
}
