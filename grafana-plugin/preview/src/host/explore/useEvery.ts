import { rangeUtil } from '@grafana/data';
import { useEffect, useRef } from 'react';

/** Calls something again and again, as long as the page is to be seen. @param interval such as `10s`; empty: never */
export function useEvery(interval: string, call: () => void): void {
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    if (interval === '') return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current();
    }, rangeUtil.intervalToMs(interval));
    return () => clearInterval(timer);
  }, [interval]);
}
