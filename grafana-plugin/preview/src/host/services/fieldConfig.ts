import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type Field,
  type FieldConfigPropertyItem,
  type FieldOverrideContext,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

type Process = (value: never, context: FieldOverrideContext) => unknown;

const isNumber = ({ type }: Field) => type === FieldType.number;
const isAny = () => true;

/** The options of fields that dashboards set, with what makes a value of theirs usable. Grafana's own list is not on npm. */
const OPTIONS: [id: string, process: Process, shouldApply: (field: Field) => boolean][] = [
  ['displayName', displayNameOverrideProcessor, isAny],
  ['unit', unitOverrideProcessor, isNumber],
  ['min', numberOverrideProcessor, isNumber],
  ['max', numberOverrideProcessor, isNumber],
  ['fieldMinMax', booleanOverrideProcessor, isNumber],
  ['decimals', numberOverrideProcessor, isNumber],
  ['noValue', stringOverrideProcessor, isAny],
  ['color', identityOverrideProcessor, isAny],
  ['thresholds', thresholdsOverrideProcessor, isNumber],
  ['mappings', valueMappingsOverrideProcessor, isAny],
  ['links', dataLinksOverrideProcessor, isAny],
  ['description', stringOverrideProcessor, isAny],
];

/** Editors are never drawn here, but options are declared with one. */
const NoEditor = () => null;
const EDITORS = [
  'number',
  'slider',
  'text',
  'strings',
  'boolean',
  'select',
  'multi-select',
  'radio',
  'unit',
  'color',
];

/** Tells `@grafana/data` which options fields have, as Grafana does when it starts. */
export function registerFieldConfig(): void {
  standardEditorsRegistry.setInit(() => EDITORS.map((id) => ({ id, name: id, editor: NoEditor })));
  standardFieldConfigEditorRegistry.setInit(() => OPTIONS.map(toItem));
}

function toItem([id, process, shouldApply]: (typeof OPTIONS)[number]): FieldConfigPropertyItem {
  return {
    id,
    path: id,
    name: id,
    editor: NoEditor,
    override: NoEditor,
    process: process as FieldConfigPropertyItem['process'],
    shouldApply,
  };
}
