import { type DataFrame, type Field, formattedValueToString, getFieldDisplayName } from '@grafana/data';
import {
  VizTooltipColorIndicator,
  VizTooltipColorPlacement,
  VizTooltipContent,
  VizTooltipHeader,
  type VizTooltipItem,
  VizTooltipWrapper,
} from '@grafana/ui';

interface Props {
  /** The series side by side: time first. */
  frame: DataFrame;
  /** The hovered row of each field; null where the field has none. */
  indexes: (number | null)[];
}

/** The values under the pointer. */
export function TimeSeriesTooltip({ frame, indexes }: Props) {
  const [time, ...series] = frame.fields;
  const at = indexes[0] ?? indexes.find((index) => index !== null);
  if (!time || at === undefined || at === null) return null;
  const items = series.flatMap((field, position) => {
    const index = indexes[position + 1];
    return index === null || index === undefined || field.values[index] == null
      ? []
      : [toItem(field, index, frame)];
  });
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: '', value: format(time, time.values[at]) }} />
      <VizTooltipContent items={items} />
    </VizTooltipWrapper>
  );
}

function toItem(field: Field, index: number, frame: DataFrame): VizTooltipItem {
  const value = field.values[index];
  const color = field.display?.(value).color;
  return {
    label: getFieldDisplayName(field, frame),
    value: format(field, value),
    colorIndicator: VizTooltipColorIndicator.series,
    colorPlacement: VizTooltipColorPlacement.first,
    ...(color ? { color } : {}),
  };
}

function format(field: Field, value: unknown): string {
  return field.display ? formattedValueToString(field.display(value)) : String(value);
}
