import { Combobox } from '@grafana/ui';
import { type ComponentProps, useState } from 'react';
import isDeepEqual from 'react-use/lib/misc/isDeepEqual';

/**
 * A Combobox that keeps what is being typed while its editor is drawn anew, as on each refresh of a dashboard: a
 * Combobox takes a value or a list that is equal, but another object, for another choice and drops the text.
 */
export function Picker<T extends string>(props: ComponentProps<typeof Combobox<T>>) {
  const options = useUnlessEqual(props.options);
  const value = useUnlessEqual(props.value);
  return <Combobox {...props} options={options} value={value} />;
}

/** The latest value, as the object it was when it last differed. */
function useUnlessEqual<V>(latest: V): V {
  const [kept, keep] = useState(() => latest);
  if (isDeepEqual(kept, latest)) {
    return kept;
  }
  keep(() => latest);
  return latest;
}
