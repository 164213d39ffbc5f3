import type { DataSourceConfigValidationAPI } from '@grafana/data';
import { useEffect, useState } from 'react';

/**
 * Keeps a form from being saved with a fault, where Grafana offers that. The fault is shown once the field has been left
 * or saving has been tried: nobody is told off while typing.
 * @param field by which Grafana lists its faults
 * @param fault of the field's present value
 */
export function useSettingsValidation(
  field: string,
  fault: string | undefined,
  validation: DataSourceConfigValidationAPI | undefined,
): { fault: string | undefined; check: () => void } {
  const [isChecked, setChecked] = useState(false);

  useEffect(
    () =>
      validation?.registerValidation(() => {
        setChecked(true);
        if (fault === undefined) {
          validation.clearError(field);
        } else {
          validation.setError(field, fault);
        }
        return fault === undefined;
      }),
    [field, fault, validation],
  );
  return { fault: isChecked ? fault : undefined, check: () => setChecked(true) };
}
