import { Alert, LoadingPlaceholder } from '@grafana/ui';
import { type ReactNode, useEffect, useState } from 'react';

interface Props<T> {
  /** Starts loading; called anew when `of` changes. */
  load: () => Promise<T>;
  /** What is loaded. */
  of: string;
  children: (value: T) => ReactNode;
  /** What stands around the reason why it could not be loaded. @default nothing */
  around?: (reason: ReactNode) => ReactNode;
}

/** Shows what has been loaded, a placeholder until then, or why it could not be. */
export function Loaded<T>({ load, of, children, around = (reason) => reason }: Props<T>) {
  const [state, setState] = useState<{ of: string; value?: T; failure?: string }>({ of });
  // biome-ignore lint/correctness/useExhaustiveDependencies: "of" stands for "load", which callers write in place
  useEffect(() => {
    let current = true;
    const show = (loaded: { value: T } | { failure: string }) => current && setState({ of, ...loaded });
    load().then(
      (value) => show({ value }),
      (error: Error) => show({ failure: error.message }),
    );
    return () => {
      current = false;
    };
  }, [of]);

  if (state.of !== of || (state.value === undefined && state.failure === undefined)) {
    return <LoadingPlaceholder text={`Loading ${of}…`} />;
  }
  return state.failure !== undefined
    ? around(<Alert title={`Could not load ${of}`}>{state.failure}</Alert>)
    : children(state.value as T);
}
